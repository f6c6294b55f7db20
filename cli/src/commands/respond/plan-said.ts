// When planned work takes place, as it is said in a terminal.
import { parseDuration } from '../../../../server/src/kernel/duration.ts'
import { parseInstant } from '../../../../server/src/kernel/instant.ts'
import { usageError } from '../../exit-codes.ts'
import type { Call } from '../../line/command.ts'

/** A time, or how long from now; null when it is not said. */
export function timeAhead(call: Call, name: string): string | null {
  const text = call.options.text(name)
  if (text === null) return null
  const at = parseInstant(text)
  if (at !== null) return new Date(at).toISOString()
  const aheadMs = parseDuration(text)
  if (aheadMs !== null) return new Date(call.shell.now() + aheadMs).toISOString()
  throw usageError(`--${name} "${text}" is no time.`, 'Write 2026-03-01T02:00:00Z, or 2h for two hours from now.')
}

/** Of what is declared: nothing unless it is said. */
export function planSaid(call: Call) {
  const [startsAt, endsAt] = [timeAhead(call, 'starts'), timeAhead(call, 'ends')]
  const maintenance = call.options.text('maintenance')
  return {
    ...(startsAt === null ? {} : { startsAt }),
    ...(endsAt === null ? {} : { endsAt }),
    ...(maintenance === null ? {} : { maintenance }),
  }
}
