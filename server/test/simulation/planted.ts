// Bugs on purpose: each replaces one decision by one that a good engineer could have written, most of them known from
// other paging systems. A simulation that does not find them proves nothing.
import { hour, minute } from '../../src/kernel/duration.ts'
import { type Instant, instant, plus } from '../../src/kernel/instant.ts'
import type { Delivery } from '../../src/modules/notifications/core/index.ts'
import type { EscalationPolicy, EscalationStep } from '../../src/modules/oncall/core/index.ts'
import type { Invariant } from './oracle/violation.ts'
import type { Rules } from './rules.ts'

export interface Plant {
  readonly name: string
  readonly story: string
  /** Which promises it breaks; the first one that is seen ends the run. */
  readonly breaks: readonly Invariant[]
  /** The first seed that finds it, and how long that takes. */
  readonly found: { readonly seed: number; readonly days: number }
  readonly change: (rules: Rules) => Partial<Rules>
}

const without = (step: EscalationStep, kind: 'stop-pages' | 'page' | 'page-webhooks'): EscalationStep => ({
  ...step,
  effects: step.effects.filter((each) => each.kind !== kind),
})

const withPhase = (delivery: Delivery, phase: Delivery['phase']): Delivery => ({ ...delivery, phase })

export const plants: readonly Plant[] = [
  {
    name: 'retry-forgets-the-key',
    story: 'every attempt goes out under a key of its own',
    breaks: ['I4'],
    found: { seed: 1, days: 10 },
    change: () => ({ sentKey: (key, attempt) => `${key}#${attempt}` }),
  },
  {
    name: 'copies-without-end',
    story: 'a lost answer is asked again for as long as there are attempts',
    breaks: ['I4'],
    found: { seed: 1, days: 17 },
    change: ({ moveDelivery }) => ({
      moveDelivery: (delivery, event, now) => moveDelivery({ ...delivery, copies: 0 }, event, now),
    }),
  },
  {
    name: 'claim-ignores-the-stop',
    story: 'an acknowledgement leaves pending messages as they are',
    breaks: ['I2'],
    found: { seed: 1, days: 1 },
    change: ({ moveDelivery }) => ({
      moveDelivery: (delivery, event, now) =>
        event.kind === 'cancelled' && delivery.phase.kind === 'pending'
          ? { delivery, effects: [], reason: 'left alone' }
          : moveDelivery(delivery, event, now),
    }),
  },
  {
    name: 'no-look-before-the-first-byte',
    story: 'a message that was claimed is sent, whatever happened since',
    breaks: ['I2', 'I4'],
    found: { seed: 1, days: 1 },
    change: () => ({ whyNotSend: () => null }),
  },
  {
    name: 'resolve-leaves-reminders',
    story: 'the end of an alert does not call back the reminders of its page',
    breaks: ['I2', 'I1'],
    found: { seed: 1, days: 2 },
    change: ({ stepEscalation }) => ({
      stepEscalation: (state, input, directory, now) => {
        const step = stepEscalation(state, input, directory, now)
        return input.kind === 'resolve' ? without(step, 'stop-pages') : step
      },
    }),
  },
  {
    name: 'acknowledgement-of-a-follower',
    story: 'acknowledging an alert that joined a page does not stop that page',
    breaks: ['I2'],
    found: { seed: 4, days: 20 },
    change: () => ({ pageOfAcknowledged: (alert) => alert }),
  },
  {
    name: 'lease-of-four-hours',
    story: 'the work of a dead process is locked for four hours, as in a well-known queue',
    breaks: ['I1', 'I6', 'I7', 'I9', 'I5'],
    found: { seed: 1, days: 1 },
    change: () => ({ workLeaseMs: 4 * hour }),
  },
  {
    name: 'send-lease-of-ten-minutes',
    story: 'a send that died with its process is looked at ten minutes later',
    breaks: ['I1', 'I5'],
    found: { seed: 1, days: 4 },
    change: () => ({ deliveryLeaseMs: 10 * minute }),
  },
  {
    name: 'failed-when-the-sender-died',
    story: 'a message whose process died is marked failed and nothing follows',
    breaks: ['I1', 'I5'],
    found: { seed: 1, days: 1 },
    change: ({ moveDelivery }) => ({
      moveDelivery: (delivery, event, now) =>
        event.kind === 'lease-expired' && delivery.phase.kind === 'sending' && now >= delivery.phase.leaseUntil
          ? {
              delivery: withPhase(delivery, { kind: 'failed', at: now, because: 'its process died' }),
              effects: [],
              reason: 'its process died',
            }
          : moveDelivery(delivery, event, now),
    }),
  },
  {
    name: 'writing-is-not-noted',
    story:
      'that a message left is written down only with its answer, so that a dead process seems to have sent nothing',
    breaks: ['I4'],
    found: { seed: 1, days: 1 },
    change: () => ({ notesWriting: false }),
  },
  {
    name: 'taken-over-at-once',
    story: 'whoever stood still for a little longer than its claim holds finds that its message left again',
    breaks: ['I4'],
    found: { seed: 1, days: 1 },
    change: () => ({ takenOverAt: (leaseUntil) => leaseUntil }),
  },
  {
    name: 'a-claim-is-a-copy',
    story: 'of a process that died before a byte left the message counts as perhaps sent (was so, now fixed)',
    breaks: ['I1'],
    found: { seed: 1, days: 23 },
    change: () => ({ mayHaveLeft: () => true }),
  },
  {
    name: 'own-failure-is-a-copy',
    story: 'a database that could not be asked before the first byte counts as a message that may have arrived',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: () => ({ ownFailure: (because) => ({ kind: 'lost', because }) }),
  },
  {
    name: 'no-fencing',
    story: 'whoever lost a claim may still end the work that another one has',
    breaks: ['I1', 'I5', 'I6', 'I7'],
    found: { seed: 1, days: 1 },
    change: () => ({ holdsClaim: () => true, addFences: false }),
  },
  {
    name: 'hints-are-the-truth',
    story: 'workers wait for a notification and do not look by themselves',
    breaks: ['I1', 'I5', 'I6', 'I7', 'I9'],
    found: { seed: 1, days: 1 },
    change: () => ({ pollMs: Number.POSITIVE_INFINITY }),
  },
  {
    name: 'clock-of-the-process',
    story: 'due times are compared with the clock of the process that asks',
    breaks: ['I3', 'I1', 'I2', 'I9', 'I5', 'I7'],
    found: { seed: 1, days: 1 },
    change: () => ({ clock: (_database, process) => process }),
  },
  {
    name: 'accepted-before-the-commit',
    story: 'the sender hears 2xx although the end of the transaction is not known',
    breaks: ['I1'],
    found: { seed: 1, days: 19 },
    change: () => ({ accepts: () => true }),
  },
  {
    name: 'bundle-holds-the-first-critical',
    story: 'in a storm what is worse than everything before waits with the rest',
    breaks: ['I5'],
    found: { seed: 5, days: 13 },
    change: ({ judgeBundling }) => ({
      judgeBundling: (recent, openUntil, severity, now) =>
        judgeBundling(
          recent.map((each) => ({ ...each, severity })),
          openUntil,
          severity,
          now,
        ),
    }),
  },
  {
    name: 'joins-a-stopped-bundle',
    story: 'a page joins a bundle whose messages were called back (found by this simulation, now fixed)',
    breaks: ['I1'],
    found: { seed: 34, days: 24 },
    change: () => ({ closesStopped: false }),
  },
  {
    name: 'replays-everything',
    story: 'after an outage every reminder that came due is sent',
    breaks: ['I5'],
    found: { seed: 7, days: 10 },
    change: () => ({ isLate: () => false }),
  },
  {
    name: 'replays-the-ladder',
    story: 'after an outage the steps that were missed are made one after another',
    breaks: ['I3'],
    found: { seed: 1, days: 1 },
    change: ({ stepEscalation, wakeAt }) => ({
      stepEscalation: (state, input, directory, now) => {
        const step = stepEscalation(state, input, directory, now)
        const [before, after] = [wakeAt(state), step.state.phase]
        if (input.kind !== 'due' || before === null || after.kind !== 'escalating') return step
        const phase = { ...after, nextAt: instant(after.nextAt - (now - before)) }
        return { ...step, state: { ...step.state, phase } }
      },
    }),
  },
  {
    name: 'acknowledged-for-ever',
    story: 'an acknowledgement that should ask again never does',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: ({ stepEscalation }) => ({
      stepEscalation: (state, input, directory, now) =>
        stepEscalation(state, input.kind === 'acknowledge' ? { ...input, timeoutMs: null } : input, directory, now),
    }),
  },
  {
    name: 'given-back-to-nobody',
    story: 'an alert that is given back pages nobody',
    breaks: ['I1', 'I9'],
    found: { seed: 1, days: 2 },
    change: ({ stepEscalation }) => ({
      stepEscalation: (state, input, directory, now) => {
        const step = stepEscalation(state, input, directory, now)
        return input.kind === 'unacknowledge' ? without(step, 'page') : step
      },
    }),
  },
  {
    name: 'one-round-less',
    story: 'the last round of a policy is not made',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: ({ stepEscalation }) => ({
      stepEscalation: (state, input, directory, now) => {
        const { policy } = state
        const shorter: EscalationPolicy = { ...policy, repeat: Math.max(0, policy.repeat - 1) }
        const step = stepEscalation({ ...state, policy: shorter }, input, directory, now)
        return { ...step, state: { ...step.state, policy } }
      },
    }),
  },
  {
    name: 'hand-over-without-summer-time',
    story: 'rotas are computed with the offset of the day on which they began',
    breaks: ['I1', 'I3'],
    found: { seed: 1, days: 1 },
    change: ({ directoryOf }) => ({
      directoryOf: (schedules, canReach, horizonMs, teams, webhooks) => {
        const directory = directoryOf(schedules, canReach, horizonMs, teams, webhooks)
        const shift = (at: Instant): Instant => plus(at, summer(at) ? hour : 0)
        return { ...directory, onCall: (name, at) => directory.onCall(name, shift(at)) }
      },
    }),
  },
  {
    name: 'on-call-when-it-opened',
    story: 'whoever was on call when the alert opened is paged at every step',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: ({ stepEscalation, directoryOf }) => ({
      stepEscalation,
      directoryOf: (schedules, canReach, horizonMs, teams, webhooks) => {
        const directory = directoryOf(schedules, canReach, horizonMs, teams, webhooks)
        return { ...directory, onCall: (name, at) => directory.onCall(name, instant(at - 20 * minute)) }
      },
    }),
  },
  {
    name: 'a-machine-is-somebody',
    story: 'a level that told machines alone has its answer: nobody waits for people behind it',
    breaks: ['I1'],
    found: { seed: 4, days: 9 },
    change: ({ openEscalation }) => ({
      openEscalation: (opening, directory, now) => {
        const step = openEscalation(opening, directory, now)
        const kinds = step.effects.map((each) => each.kind)
        if (!kinds.includes('page-webhooks') || kinds.includes('page') || kinds.includes('unrouted')) return step
        const phase = { kind: 'exhausted', because: 'low-urgency' } as const
        return { ...step, state: { ...step.state, phase, handOverAt: null } }
      },
    }),
  },
  {
    name: 'machines-at-the-first-level-only',
    story: 'what later levels name is told to people alone',
    breaks: ['I1'],
    found: { seed: 4, days: 1 },
    change: ({ stepEscalation }) => ({
      stepEscalation: (state, input, directory, now) =>
        without(stepEscalation(state, input, directory, now), 'page-webhooks'),
    }),
  },
  {
    name: 'pages-the-unreachable',
    story: 'a person without a verified contact counts as somebody who can be paged',
    breaks: ['I1'],
    found: { seed: 1, days: 10 },
    change: () => ({ canBePaged: (contacts) => contacts.length > 0 }),
  },
  {
    name: 'silent-without-rules',
    story: 'a person whose rules lead nowhere is not told at all',
    breaks: ['I1', 'I5'],
    found: { seed: 1, days: 1 },
    change: ({ planDeliveries }) => ({
      planDeliveries: (rules, contacts, urgency, startedAt) => {
        const plan = planDeliveries(rules, contacts, urgency, startedAt)
        const noRule = plan.findings.some((each) => each.code === 'notifications.no-usable-rule')
        return noRule ? { ...plan, deliveries: [] } : plan
      },
    }),
  },
  {
    name: 'no-next-channel',
    story: 'a contact that fails is the end of it',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: () => ({ failOver: () => null }),
  },
  {
    name: 'unseen-is-heard',
    story: 'a push that was taken counts as heard, seen or not',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: () => ({ fallsThroughUnseen: () => false }),
  },
  {
    name: 'repeats-open-again',
    story: 'a repeated signal opens a second alert',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: ({ decide }) => ({
      decide: (known, signals, policy, now) => {
        const fresh = new Map([...known].filter(([, episode]) => now - episode.startedAt < 20 * minute))
        return decide(fresh, signals, policy, now)
      },
    }),
  },
  {
    name: 'repeats-renew-nothing',
    story: 'a repeated signal does not move the time until which the alert holds',
    breaks: ['I1'],
    found: { seed: 1, days: 1 },
    change: ({ decide }) => ({
      decide: (known, signals, policy, now) => {
        const batch = decide(known, signals, policy, now)
        const decided = batch.decided.map((each) => {
          const lease = known.get(each.key)?.lease ?? null
          const decisions = each.decisions.map((one) =>
            one.kind === 'refresh' ? { ...one, episode: { ...one.episode, lease } } : one,
          )
          return { ...each, decisions }
        })
        return { ...batch, decided }
      },
    }),
  },
  {
    name: 'joins-whatever-is-out',
    story: 'an alert joins a page although that one is answered long ago or over',
    breaks: ['I1'],
    found: { seed: 1, days: 7 },
    change: ({ judgeJoin }) => ({
      judgeJoin: (alert, groups, relation, now) =>
        judgeJoin(
          alert,
          groups.map((each) => ({ ...each, standing: 'escalating' })),
          relation,
          now,
        ),
    }),
  },
  {
    name: 'silence-hides-everything',
    story: 'any silence in force holds any alert',
    breaks: ['I9'],
    found: { seed: 1, days: 3 },
    change: ({ isSilenced }) => ({
      isSilenced: (labels, silences, at) => {
        const verdict = isSilenced(labels, silences, at)
        const [any] = silences.filter((each) => each.startsAt <= at && at < each.endsAt)
        return verdict.silenced || any === undefined
          ? verdict
          : { ...verdict, silenced: true, by: [any.id], until: any.endsAt }
      },
    }),
  },
  {
    name: 'silence-without-end',
    story: 'what a silence held is not heard when it is over',
    breaks: ['I9'],
    found: { seed: 1, days: 16 },
    change: () => ({ hearsAgain: false }),
  },
  {
    name: 'snooze-without-end',
    story: 'what was left until later stays left',
    breaks: ['I1'],
    found: { seed: 9, days: 24 },
    change: () => ({ sweepsSnoozes: false }),
  },
  {
    name: 'numbers-before-the-commit',
    story: 'journal numbers are taken when an entry is written, so that an aborted one leaves a hole',
    breaks: ['I7'],
    found: { seed: 1, days: 1 },
    change: () => ({ sealNumber: (_size, entry) => entry }),
  },
]

/** Roughly: the half year in which the zones of the simulation have summer time. */
function summer(at: number): boolean {
  const { month, date } = { month: new Date(at).getUTCMonth(), date: new Date(at).getUTCDate() }
  return (month > 2 && month < 9) || (month === 2 && date >= 14) || (month === 9 && date < 25)
}

export function plantOf(name: string): (rules: Rules) => Rules {
  const plant = plants.find((each) => each.name === name)
  if (plant === undefined) throw new Error(`There is no planted bug ${name}.`)
  return (rules) => ({ ...rules, ...plant.change(rules) })
}
