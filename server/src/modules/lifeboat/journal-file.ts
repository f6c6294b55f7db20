// A file that only grows: every record is on the disk before anybody is told so. Records that come together share one
// sync. After a failed sync nothing more is taken: what the kernel could not write it may have forgotten.
import { type FileHandle, open } from 'node:fs/promises'
import { AppError } from '../../kernel/app-error.ts'
import { frame, mostFrameBytes, readFrames } from './core/index.ts'

export interface JournalFile {
  /** Resolves when the record is on the disk; refuses with 503 when it cannot be. */
  append(record: unknown): Promise<void>
  /** Bytes on the disk. */
  readonly size: number
  close(): Promise<void>
}

/** For tests: how bytes reach the disk. */
export interface Disk {
  write(handle: FileHandle, bytes: Uint8Array, at: number): Promise<void>
  sync(handle: FileHandle): Promise<void>
}

const realDisk: Disk = {
  write: async (handle, bytes, at) => {
    for (let done = 0; done < bytes.length; )
      done += (await handle.write(bytes, done, bytes.length - done, at + done)).bytesWritten
  },
  sync: (handle) => handle.datasync(),
}

interface Waiting {
  readonly bytes: Uint8Array
  readonly done: () => void
  readonly failed: (error: Error) => void
}

/** Cuts a torn tail and gives what stands before it, oldest first. */
export async function openJournalFile<Entry>(
  path: string,
  options: { readonly maxBytes: number; readonly disk?: Disk },
): Promise<{ readonly file: JournalFile; readonly records: readonly Entry[]; readonly torn: number }> {
  const disk = options.disk ?? realDisk
  const handle = await open(path, 'a+', 0o600)
  // Positions are given with every write, which a file opened for appending ignores on Linux.
  await handle.close()
  const file = await open(path, 'r+')
  const bytes = await file.readFile()
  const { payloads, whole } = readFrames(bytes)
  if (whole < bytes.length) {
    await file.truncate(whole)
    await file.sync()
  }
  const decoder = new TextDecoder()
  const records = payloads.map((payload): Entry => JSON.parse(decoder.decode(payload)))
  return { file: appendTo(file, disk, whole, options.maxBytes), records, torn: bytes.length - whole }
}

function appendTo(handle: FileHandle, disk: Disk, start: number, maxBytes: number): JournalFile {
  const encoder = new TextEncoder()
  let size = start
  /** Bytes promised a place, on the disk or on the way to it. */
  let promised = start
  let broken: AppError | null = null
  let waiting: Waiting[] = []
  let flushing: Promise<void> | null = null

  const flush = async (): Promise<void> => {
    for (;;) {
      if (waiting.length === 0) {
        // In the same breath as the look: who comes a moment later must find nobody at work.
        flushing = null
        return
      }
      const batch = waiting
      waiting = []
      const bytes = Buffer.concat(batch.map((each) => each.bytes))
      const refusal = await put(bytes)
      if (refusal === null) size += bytes.length
      promised = size + waiting.reduce((sum, each) => sum + each.bytes.length, 0)
      for (const each of batch) refusal === null ? each.done() : each.failed(refusal)
    }
  }
  const put = async (bytes: Uint8Array): Promise<AppError | null> => {
    if (broken !== null) return broken
    try {
      await disk.write(handle, bytes, size)
    } catch (cause) {
      // What was written of it is cut again, so that the next record follows the last whole one.
      await handle.truncate(size).catch(() => {
        broken = unusable(cause)
      })
      return broken ?? full(cause)
    }
    try {
      await disk.sync(handle)
      return null
    } catch (cause) {
      broken = unusable(cause)
      return broken
    }
  }

  return {
    get size() {
      return size
    },
    append: (record) => {
      const payload = encoder.encode(JSON.stringify(record))
      if (broken !== null) return Promise.reject(broken)
      if (payload.length > mostFrameBytes) return Promise.reject(tooLarge())
      const bytes = frame(payload)
      if (promised + bytes.length > maxBytes) return Promise.reject(full(null))
      promised += bytes.length
      return new Promise((done, failed) => {
        waiting.push({ bytes, done, failed })
        flushing ??= flush()
      })
    },
    close: async () => {
      await flushing
      await handle.close()
    },
  }
}

const full = (cause: unknown): AppError =>
  new AppError(
    'unavailable',
    'lifeboat.full',
    'The database is away and the lifeboat has no room left on the disk. Nothing was taken; send it again.',
    { retryAfterSeconds: 30, ...(cause === null ? {} : { cause }) },
  )
const tooLarge = (): AppError =>
  new AppError('unavailable', 'lifeboat.full', 'The database is away and this is too large for the lifeboat.', {
    retryAfterSeconds: 30,
  })
const unusable = (cause: unknown): AppError =>
  new AppError(
    'unavailable',
    'lifeboat.disk-failed',
    'The database is away and the disk of the lifeboat fails. Nothing was taken; send it to another process.',
    { retryAfterSeconds: 30, cause },
  )
