// Colour comes last: every state has a shape and a word, so that a page without colours tells the same.

export interface Style {
  readonly colour: boolean
  strong(text: string): string
  faint(text: string): string
  critical(text: string): string
  warning(text: string): string
  ok(text: string): string
  info(text: string): string
  silenced(text: string): string
}

export function createStyle(colour: boolean): Style {
  const paint = (open: string, close: string) => (text: string) =>
    colour && text !== '' ? `\u001b[${open}m${text}\u001b[${close}m` : text
  return {
    colour,
    strong: paint('1', '22'),
    faint: paint('2', '22'),
    critical: paint('1;31', '22;39'),
    warning: paint('33', '39'),
    ok: paint('32', '39'),
    info: paint('36', '39'),
    silenced: paint('35', '39'),
  }
}

export type Tone = 'critical' | 'warning' | 'ok' | 'info' | 'silenced' | 'unknown' | 'plain'

export function toned(style: Style, tone: Tone, text: string): string {
  if (tone === 'plain') return text
  return tone === 'unknown' ? style.faint(text) : style[tone](text)
}
