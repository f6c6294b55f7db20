// Plays an escalation on a clock of minutes, by hand or by its own wake-ups.
import { minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { Urgency } from '../../../kernel/severity.ts'
import type { Directory } from '../core/directory.ts'
import { openEscalation, stepEscalation } from '../core/escalation.ts'
import type { EscalationPolicy, Level, Target } from '../core/escalation-policy.ts'
import { type Escalation, type EscalationEffect, type EscalationInput, wakeAt } from '../core/escalation-state.ts'

export const midnight = instant(Date.UTC(2026, 1, 2))
export const after = (minutes: number): Instant => plus(midnight, minutes * minute)
export const person = (name: string) => ({ kind: 'person', person: name }) as const
export const onSchedule = (name: string) => ({ kind: 'schedule', schedule: name }) as const
export const level = (minutes: number, ...targets: Level['targets'][number][]): Level => ({
  waitMs: minutes * minute,
  targets,
})

export const inTeam = (team: string): Target => ({ kind: 'team', team })
export const webhook = (name: string): Target => ({ kind: 'webhook', webhook: name })

export const policy: EscalationPolicy = {
  name: 'web',
  levels: [level(5, onSchedule('primary')), level(10, person('ben'), person('cyd'))],
  repeat: 1,
  ackTimeoutMs: 30 * minute,
  pageOnHandOver: false,
  fallbackOwner: 'mia',
}

export const reapplied = (edited: Partial<EscalationPolicy>): EscalationInput => ({
  kind: 'reapply',
  by: 'pia',
  policy: { ...policy, ...edited },
})

export interface World {
  onCall?: Record<string, readonly string[] | ((at: Instant) => readonly string[])>
  changesAt?: (at: Instant) => Instant | null
  unreachable?: readonly string[]
  teams?: Record<string, readonly string[]>
  /** Those that were removed since. */
  removed?: readonly string[]
}

export const directory = ({
  onCall = { primary: ['pia'] },
  changesAt = () => null,
  unreachable = [],
  teams = {},
  removed = [],
}: World): Directory => ({
  inTeam: (name) => teams[name] ?? [],
  onCall: (name, at) => {
    const found = onCall[name] ?? []
    return typeof found === 'function' ? found(at) : found
  },
  changesAt: (_, at) => changesAt(at),
  canReach: (name) => !unreachable.includes(name),
  hasWebhook: (name) => !removed.includes(name),
})

/** Plays inputs at their minutes; between them the clock fires each wake-up on time. Pages as `minute:level:people`. */
export function play(
  given: EscalationPolicy,
  world: World | Directory,
  inputs: readonly [number, EscalationInput][],
  { until = 600, urgency = 'high', turn = 0 }: { until?: number; urgency?: Urgency; turn?: number } = {},
) {
  const who = 'canReach' in world ? world : directory(world)
  const log: string[] = []
  const note = (at: Instant, effects: readonly EscalationEffect[]) => {
    const minutes = (at - midnight) / minute
    for (const effect of effects) {
      if (effect.kind === 'page')
        log.push(`${minutes}:${effect.level}:${effect.people.map((each) => each.person).join('+')}`)
      if (effect.kind === 'page-webhooks')
        log.push(`${minutes}:${effect.level}:[${effect.webhooks.map((each) => each.webhook).join('+')}]`)
      if (effect.kind === 'unrouted') log.push(`${minutes}:unrouted`)
    }
  }
  const opened = openEscalation({ policy: given, urgency, turn }, who, midnight)
  let state: Escalation = opened.state
  const reasons = opened.reasons.map((each) => each.code)
  note(midnight, opened.effects)
  const refusals: string[] = []
  const due = (limit: Instant) => {
    for (let at = wakeAt(state); at !== null && at < limit; at = wakeAt(state)) {
      const step = stepEscalation(state, { kind: 'due' }, who, at)
      reasons.push(...step.reasons.map((each) => each.code))
      note(at, step.effects)
      state = step.state
    }
  }
  for (const [minutes, input] of inputs) {
    due(after(minutes))
    const step = stepEscalation(state, input, who, after(minutes))
    reasons.push(...step.reasons.map((each) => each.code))
    note(after(minutes), step.effects)
    if (step.refusal !== null) refusals.push(step.refusal.code)
    state = step.state
  }
  due(after(until))
  return { log, state, reasons, refusals }
}
