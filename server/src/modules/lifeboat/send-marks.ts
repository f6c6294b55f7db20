// Of each message that is about to leave: that it was asked whether it may, and that its last bytes are handed on in this turn of
// the event loop. On this disk, not synced: a process that is killed leaves both behind, and whoever finds the one without the
// other knows that nothing of the message had left, which the database cannot know.
import { closeSync, ftruncateSync, openSync, rmSync, writeSync } from 'node:fs'

export interface Mark {
  leaving(): void
  /** Whatever became of it, this process is there to say so. */
  over(): void
}

export interface MarkFile {
  open(file: string): void
  asking(key: string, attempt: number): Mark
  /** Of an orderly end nothing is left behind: what is still under way then may leave without a mark. */
  close(): void
}

export interface AskedSend {
  readonly key: string
  readonly attempt: number
}

const fullBytes = 256 * 1024
const unmarked: Mark = { leaving: () => undefined, over: () => undefined }

export function createMarkFile(): MarkFile {
  let handle: number | null = null
  let name = ''
  let bytes = 0
  let underWay = 0

  function forget(): void {
    if (handle === null) return
    try {
      ftruncateSync(handle, 0)
      bytes = 0
    } catch {
      abandon()
    }
  }

  /** A file that can neither be written nor emptied must not be read by anybody either. */
  function abandon(): void {
    if (handle === null) return
    const abandoned = handle
    handle = null
    try {
      rmSync(name, { force: true })
      closeSync(abandoned)
    } catch {
      // Whoever reads it takes at worst a second copy for the only one; the database goes on without marks.
    }
  }

  /** What cannot be written whole says nothing: a message that left must never look as if it had not. */
  function write(line: string): void {
    if (handle === null) return
    try {
      bytes += writeSync(handle, line)
    } catch {
      forget()
    }
  }

  return {
    open: (file) => {
      handle = openSync(file, 'a', 0o600)
      name = file
    },
    close: () => {
      forget()
      if (handle !== null) closeSync(handle)
      handle = null
    },
    asking: (key, attempt) => {
      if (handle === null) return unmarked
      underWay += 1
      write(`? ${attempt} ${key}\n`)
      let isOver = false
      return {
        leaving: () => write(`! ${attempt} ${key}\n`),
        over: () => {
          if (isOver) return
          isOver = true
          underWay -= 1
          if (underWay === 0 && bytes > fullBytes) forget()
        },
      }
    },
  }
}

/**
 * What was asked for and never handed on: handed on once is handed on, whoever asks again afterwards. A torn line says nothing, and
 * whoever wrote on after it is not believed either.
 */
export function unsentIn(text: string): readonly AskedSend[] {
  const asked = new Map<string, AskedSend>()
  const left = new Set<string>()
  const lines = text.split('\n')
  if (lines.pop() !== '') return []
  for (const line of lines) {
    const [, mark, attempt = '', key = ''] = /^([?!]) (\d+) (\S+)$/.exec(line) ?? []
    if (mark === undefined) return []
    if (mark === '?') asked.set(`${attempt} ${key}`, { key, attempt: Number(attempt) })
    else left.add(`${attempt} ${key}`)
  }
  return [...asked].filter(([name]) => !left.has(name)).map(([, each]) => each)
}
