// Somebody who follows the live stream as a browser does: comes back with the last id when the connection breaks, to the
// next of the addresses it knows.
import { setTimeout as wait } from 'node:timers/promises'

export interface Heard {
  readonly id: string
  /** `performance.now()` when it had arrived. */
  readonly at: number
  readonly data: unknown
}

export interface StreamReader {
  readonly heard: readonly Heard[]
  /** How often it connected; one when nothing broke. */
  readonly connects: number
  /** How often it was told to read everything anew. */
  readonly resets: number
  /** Resolves when the stream has begun. */
  readonly ready: Promise<void>
  stop(): Promise<void>
}

export function followStream(urls: readonly string[], headers: Readonly<Record<string, string>>): StreamReader {
  const heard: Heard[] = []
  const ended = new AbortController()
  let [connects, resets, lastId] = [0, 0, '']
  let begun: () => void = () => undefined
  const ready = new Promise<void>((resolve) => {
    begun = resolve
  })

  const take = (block: string): void => {
    const field = (name: string) => block.match(new RegExp(`^${name}: ?(.*)$`, 'm'))?.[1]
    const [id, event, data] = [field('id'), field('event'), field('data')]
    if (id !== undefined) lastId = id
    if (event === 'ready') begun()
    else if (event === 'reset') resets += 1
    else if (event === undefined && data !== undefined)
      heard.push({ id: id ?? '', at: performance.now(), data: JSON.parse(data) })
  }

  const once = async (url: string): Promise<void> => {
    const resume = lastId === '' ? {} : { 'last-event-id': lastId }
    const reply = await fetch(`${url}/api/v1/stream`, { headers: { ...headers, ...resume }, signal: ended.signal })
    if (!reply.ok || reply.body === null) throw new Error(`The stream answered ${reply.status}.`)
    connects += 1
    let text = ''
    for await (const chunk of reply.body.pipeThrough(new TextDecoderStream())) {
      text += chunk
      const blocks = text.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) take(block)
    }
  }

  const follow = (async () => {
    for (let attempt = 0; !ended.signal.aborted; attempt += 1) {
      // It broke: whoever follows comes back by itself, as a browser would.
      await once(urls[attempt % urls.length] ?? '').catch(() => undefined)
      if (!ended.signal.aborted) await wait(100)
    }
  })()

  return {
    heard,
    get connects() {
      return connects
    },
    get resets() {
      return resets
    },
    ready,
    stop: async () => {
      ended.abort()
      await follow
    },
  }
}
