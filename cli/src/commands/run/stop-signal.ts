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

/**
 * A start that failed half-way may leave something behind that keeps the process alive, such as a database of its own.
 * It gets this long to end, then the process goes.
 */
export function endAfterFailure(): void {
  setTimeout(() => process.exit(exitCodes.error), afterFailureMs).unref()
}

const afterFailureMs = 4_000
