// The one registry: palette, key strokes and the help sheet are three readings of it. Knows no DOM.

export interface Command {
  /** `alerts.acknowledge`: stable, so a page may replace a global command while it is open. */
  readonly id: string
  readonly title: string
  /** Heading in the palette and the help sheet. */
  readonly group: string
  /** `a`, `g o`, `mod+k`, `?`. Several ways are separated by `|`. */
  readonly keys?: string
  /** More words to find it by. */
  readonly words?: string
  /** Not offered in the palette: it only makes sense under the fingers (j, k). */
  readonly keysOnly?: boolean
  readonly run: () => void
}

export interface Registry {
  readonly register: (commands: readonly Command[]) => () => void
  readonly list: () => readonly Command[]
  readonly subscribe: (listener: () => void) => () => void
}

/** Later registrations stand before earlier ones with the same id or keys: the page wins over the shell. */
export function createRegistry(): Registry {
  let layers: readonly (readonly Command[])[] = []
  let flat: readonly Command[] = []
  const listeners = new Set<() => void>()
  const change = (next: readonly (readonly Command[])[]) => {
    layers = next
    flat = flatten(next)
    for (const each of listeners) each()
  }
  return {
    register: (commands) => {
      change([commands, ...layers])
      return () => change(layers.filter((each) => each !== commands))
    },
    list: () => flat,
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function flatten(layers: readonly (readonly Command[])[]): readonly Command[] {
  const byId = new Map<string, Command>()
  for (const layer of layers) for (const each of layer) if (!byId.has(each.id)) byId.set(each.id, each)
  return [...byId.values()]
}

export interface KeyStroke {
  readonly key: string
  readonly ctrl: boolean
  readonly meta: boolean
  readonly alt: boolean
  readonly shift: boolean
}

/** How a stroke is written in `keys`: printable characters as typed, so `?` needs no `shift+/`. */
export function writeStroke(stroke: KeyStroke): string {
  const key = stroke.key.length === 1 ? stroke.key : stroke.key.toLowerCase()
  const named = key === ' ' ? 'space' : key
  const mod = stroke.ctrl || stroke.meta ? 'mod+' : ''
  const shift = stroke.shift && named.length > 1 ? 'shift+' : ''
  return `${mod}${stroke.alt ? 'alt+' : ''}${shift}${mod === '' ? named : named.toLowerCase()}`
}

export type Match = { readonly command: Command } | 'more' | null

/** What a sequence of strokes means: a command, the start of one, or nothing. */
export function matchKeys(commands: readonly Command[], strokes: readonly string[]): Match {
  const typed = strokes.join(' ')
  let more = false
  for (const command of commands) {
    for (const way of waysOf(command)) {
      if (way === typed) return { command }
      if (way.startsWith(`${typed} `)) more = true
    }
  }
  return more ? 'more' : null
}

export function waysOf(command: Command): readonly string[] {
  return command.keys === undefined ? [] : command.keys.split('|').map((way) => way.trim())
}

export interface HelpGroup {
  readonly group: string
  readonly commands: readonly Command[]
}

/** Commands that have keys, by group, without those whose keys a nearer command took. */
export function helpSheet(commands: readonly Command[]): readonly HelpGroup[] {
  const taken = new Set<string>()
  const groups = new Map<string, Command[]>()
  for (const command of commands) {
    const ways = waysOf(command)
    if (ways.length === 0 || ways.every((way) => taken.has(way))) continue
    for (const way of ways) taken.add(way)
    const group = groups.get(command.group) ?? []
    group.push(command)
    groups.set(command.group, group)
  }
  return [...groups].map(([group, members]) => ({ group, commands: members }))
}
