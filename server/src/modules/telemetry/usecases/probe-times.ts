// When a probe is due.
import { type Instant, instant } from '../../../kernel/instant.ts'
import { nextRun, type ProbeCheck, readCron } from '../core/index.ts'

interface Timed {
  readonly check: ProbeCheck
  readonly everyMs: number
}

/** A probe asks at once; a heartbeat is looked at when its first run and its grace are over. */
export function firstDue(probe: Timed, now: Instant): Instant {
  return probe.check.kind === 'heartbeat' ? lookAfter(probe, now) : now
}

export function nextDue(probe: Timed & { readonly name: string; readonly dueAt: Instant }, now: Instant): Instant {
  if (probe.check.kind !== 'heartbeat') return nextAt(now, probe.everyMs, probe.name)
  const next = lookAfter(probe, runOf(probe))
  // After a long pause of ours the runs in between are over: nobody looked, so nothing is said of them.
  return next > now ? next : lookAfter(probe, now)
}

/** The run that a look at a heartbeat is about. */
export function runOf({ check, dueAt }: { readonly check: ProbeCheck; readonly dueAt: Instant }): Instant {
  return check.kind === 'heartbeat' ? instant(dueAt - check.graceMs) : dueAt
}

function lookAfter({ check, everyMs }: Timed, after: Instant): Instant {
  if (check.kind !== 'heartbeat') return instant(after + everyMs)
  const cron = check.schedule === null ? null : readCron(check.schedule, check.zone)
  const run = cron?.state === 'read' ? nextRun(cron.schedule, after) : instant(after + everyMs)
  return instant((run ?? after + everyMs) + check.graceMs)
}

/** Each probe has its own place within the interval, so that many probes do not all ask at the full minute. */
export function nextAt(now: Instant, everyMs: number, name: string): Instant {
  let hash = 7
  for (const letter of name) hash = (hash * 31 + letter.charCodeAt(0)) % 1_000_003
  const phase = hash % everyMs
  const next = Math.floor((now - phase) / everyMs) * everyMs + phase + everyMs
  return instant(next - now < Math.min(1_000, everyMs / 2) ? next + everyMs : next)
}
