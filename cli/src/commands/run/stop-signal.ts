// Ctrl-C and SIGTERM for commands that run until they are told to stop.
import { exitCodes } from '../../exit-codes.ts'

export type StopSignal = 'SIGINT' | 'SIGTERM'

/** Resolves with the first signal; the second ends the process at once. */
export function untilStopped(): Promise<StopSignal> {
  return new Promise((resolve) => {
    let told = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.on(signal, () => {
        if (told) process.exit(exitCodes.interrupted)
        told = true
        resolve(signal)
      })
  })
}

// What a supervisor such as systemd or a person waits for before reaching for SIGKILL.
export const stopWithinMs = 10_000

/** Ends the process when what it stops does not come to an end. */
export async function stopInTime(stop: () => Promise<unknown>, onLate: () => void): Promise<void> {
  const late = setTimeout(() => {
    onLate()
    process.exit(exitCodes.error)
  }, stopWithinMs)
  late.unref()
  await stop()
  clearTimeout(late)
}
