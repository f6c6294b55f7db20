// Labels as people type them, one a line: name=value.

export type LabelLines =
  | { readonly ok: true; readonly labels: Readonly<Record<string, string>> }
  | { readonly ok: false; readonly line: number }

export function readLabelLines(text: string): LabelLines {
  const labels: Record<string, string> = {}
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim()
    if (line === '') continue
    const at = line.indexOf('=')
    const name = line.slice(0, Math.max(0, at)).trim()
    if (name === '') return { ok: false, line: index + 1 }
    const value = line.slice(at + 1).trim()
    labels[name] = /^".*"$/.test(value) ? value.slice(1, -1) : value
  }
  return { ok: true, labels }
}
