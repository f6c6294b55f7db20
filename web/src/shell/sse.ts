// Reads server-sent events from text chunks. Kept apart from the network so that every cut of a chunk is testable.

export interface ServerEvent {
  readonly id: string | null
  readonly type: string
  readonly data: string
}

export interface EventReader {
  /** The events completed by this chunk. A comment line counts as a sign of life but is no event. */
  readonly push: (chunk: string) => readonly ServerEvent[]
  /** Heartbeats carry the place too, so that coming back after a quiet hour repeats nothing. */
  readonly lastId: () => string | null
}

export function createEventReader(): EventReader {
  let rest = ''
  let id: string | null = null
  let type = ''
  let data: string[] = []
  const take = (line: string, out: ServerEvent[]) => {
    if (line === '') {
      if (data.length > 0) out.push({ id, type: type === '' ? 'message' : type, data: data.join('\n') })
      type = ''
      data = []
      return
    }
    const colon = line.indexOf(':')
    if (colon === 0) return
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') data.push(value)
    else if (field === 'event') type = value
    else if (field === 'id') id = value
  }
  return {
    lastId: () => id,
    push: (chunk) => {
      const out: ServerEvent[] = []
      rest += chunk
      // A trailing CR may be half of CRLF: wait for the next chunk.
      for (;;) {
        const end = rest.search(/\r\n|\n|\r(?!$)/)
        if (end < 0) return out
        take(rest.slice(0, end), out)
        rest = rest.slice(end + (rest.startsWith('\r\n', end) ? 2 : 1))
      }
    },
  }
}
