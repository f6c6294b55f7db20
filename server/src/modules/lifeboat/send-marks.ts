// Of each message that is about to leave: that it was asked whether it may, and that its last bytes are handed on in this turn of
// the event loop. On this disk, not synced: a process that is killed leaves both behind, and whoever finds the one without the
// other knows that nothing of the message had left, which the database cannot know.
import { closeSync, ftruncateSync, openSync, writeSync } from 'node:fs'

export interface Mark {
  leaving(): void
  /** Whatever became of it, this process is there to say so. */
  over(): void
}

export interface SendMarks {
  asking(key: string, attempt: number): Mark
}

export interface MarkFile extends SendMarks {
  open(file: string): void
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
  let bytes = 0
  let underWay = 0

  function forget(): void {
    if (handle === null) return
    try {
      ftruncateSync(handle, 0)
      bytes = 0
    } catch {
      handle = null
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
    },
    close: () => {
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

/** What was asked for and never handed on. A torn line says nothing, and whoever wrote on after it is not believed either. */
export function unsentIn(text: string): readonly AskedSend[] {
  const asked = new Map<string, AskedSend>()
  const lines = text.split('\n')
  if (lines.pop() !== '') return []
  for (const line of lines) {
    const [, mark, attempt = '', key = ''] = /^([?!]) (\d+) (\S+)$/.exec(line) ?? []
    if (mark === undefined) return []
    if (mark === '?') asked.set(`${attempt} ${key}`, { key, attempt: Number(attempt) })
    else asked.delete(`${attempt} ${key}`)
  }
  return [...asked.values()]
}
