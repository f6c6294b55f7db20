// Random people, inputs and delays on a virtual clock; the invariants I1 to I4 of the escalation engine.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hour, minute } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import type { Directory } from './directory.ts'
import { openEscalation, stepEscalation } from './escalation.ts'
import type { EscalationPolicy, Target } from './escalation-policy.ts'
import type { EscalationInput, EscalationStep } from './escalation-state.ts'
import { wakeAt } from './escalation-state.ts'

const people = ['ana', 'ben', 'cyd', 'dov']
const start = instant(Date.UTC(2026, 1, 2))
const somePerson = fc.constantFrom(...people)

// Rotas whose people change every hour, sometimes to nobody.
const someRota = fc.array(fc.subarray(people), { minLength: 1, maxLength: 4 })
const directoryOf = (rotas: readonly (readonly (readonly string[])[])[], absent: readonly string[]): Directory => ({
  onCall: (name, at) => {
    const rota = rotas[Number(name)] ?? []
    return rota[Math.floor((at - start) / hour) % rota.length] ?? []
  },
  changesAt: (_, at) => instant(start + (Math.floor((at - start) / hour) + 1) * hour),
  inTeam: (name) => (name === 'all' ? people : []),
  canReach: (person) => !absent.includes(person),
  hasWebhook: (name) => name !== 'removed',
})

const someTarget: fc.Arbitrary<Target> = fc.oneof(
  somePerson.map((person) => ({ kind: 'person' as const, person })),
  fc.constantFrom('0', '1').map((schedule) => ({ kind: 'schedule' as const, schedule })),
  fc.constantFrom('all', 'none').map((team) => ({ kind: 'team' as const, team })),
  fc.constantFrom('pager', 'board', 'removed').map((webhook) => ({ kind: 'webhook' as const, webhook })),
)
const somePolicy: fc.Arbitrary<EscalationPolicy> = fc.record({
  name: fc.constant('p'),
  levels: fc.array(
    fc.record({
      targets: fc.array(someTarget, { minLength: 1, maxLength: 3 }),
      waitMs: fc.integer({ min: 1, max: 40 }).map((each) => each * minute),
      strategy: fc.constantFrom('everyone' as const, 'round-robin' as const),
    }),
    { minLength: 1, maxLength: 4 },
  ),
  repeat: fc.integer({ min: 0, max: 3 }),
  ackTimeoutMs: fc.option(fc.integer({ min: 1, max: 90 }).map((each) => each * minute)),
  pageOnHandOver: fc.boolean(),
  fallbackOwner: fc.option(somePerson),
})

type Act = (now: Instant) => EscalationInput
const someAct: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Act>(() => ({ kind: 'due' })) },
  {
    weight: 2,
    arbitrary: somePerson.map(
      (by): Act =>
        () => ({ kind: 'acknowledge', by }),
    ),
  },
  {
    weight: 1,
    arbitrary: somePerson.map(
      (by): Act =>
        () => ({ kind: 'unacknowledge', by }),
    ),
  },
  {
    weight: 1,
    arbitrary: somePerson.map(
      (by): Act =>
        () => ({ kind: 'escalate', by }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Act>(() => ({ kind: 'raise-urgency', because: 'hours' })) },
  {
    weight: 1,
    arbitrary: fc.integer({ min: -5, max: 90 }).map(
      (each): Act =>
        (now) => ({ kind: 'snooze', by: 'ana', until: plus(now, each * minute) }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.subarray(people).map(
      (each): Act =>
        () => ({ kind: 'reassign-people', by: 'ana', people: each }),
    ),
  },
  {
    weight: 1,
    arbitrary: somePolicy.map(
      (policy): Act =>
        () => ({ kind: 'reassign-policy', by: 'ana', policy, turn: 2 }),
    ),
  },
  {
    weight: 1,
    arbitrary: somePolicy.map(
      (policy): Act =>
        () => ({ kind: 'reapply', by: 'ana', policy }),
    ),
  },
)

const world = fc.record({
  policy: somePolicy,
  urgency: fc.constantFrom('high' as const, 'low' as const),
  turn: fc.nat(5),
  rotas: fc.tuple(someRota, someRota),
  absent: fc.subarray(people),
})
// Resolving has a small place of its own, or every run would be short.
const someStep = fc.tuple(
  fc.oneof({ weight: 19, arbitrary: someAct }, { weight: 1, arbitrary: fc.constant<Act>(() => ({ kind: 'resolve' })) }),
  fc.integer({ min: 0, max: 50 * minute }),
)

test('never early, never twice, never after an answer, never stuck', () => {
  fc.assert(
    fc.property(world, fc.array(someStep, { maxLength: 60 }), (given, acts) => {
      const directory = directoryOf(given.rotas, given.absent)
      let now = start
      const numbers = new Set<number>()
      let last = openEscalation(given, directory, now)
      const check = (step: EscalationStep, input: EscalationInput | null, before: EscalationStep | null) => {
        const pages = step.effects.filter((each) => each.kind === 'page')
        for (const page of pages) {
          expect(numbers.has(page.step)).toBe(false) // I4: a page number, hence a key, is used once
          numbers.add(page.step)
          const names = page.people.map((each) => each.person)
          expect(names.length).toBeGreaterThan(0)
          expect(new Set(names).size).toBe(names.length)
          for (const name of names) expect(given.absent).not.toContain(name)
        }
        const machines = step.effects.filter((each) => each.kind === 'page-webhooks')
        for (const each of machines) {
          // One step may page people and tell machines; no later one has its number.
          if (!pages.some((page) => page.step === each.step)) expect(numbers.has(each.step)).toBe(false)
          numbers.add(each.step)
          expect(new Set(each.webhooks.map(({ webhook }) => webhook)).size).toBe(each.webhooks.length)
          expect(each.webhooks.length).toBeGreaterThan(0)
          for (const { webhook } of each.webhooks) expect(webhook).not.toBe('removed')
        }
        if (input?.kind === 'due' && before !== null) {
          const at = wakeAt(before.state)
          // I3 and I2: an acknowledged, snoozed or resolved state has no earlier wake-up than its own end.
          if (at === null || now < at) expect([pages, step.state]).toEqual([[], before.state])
          // I1: what is due pages, or says why not; and it moves on.
          else {
            expect(pages.length + step.reasons.length + (step.state.handOverAt === null ? 0 : 1)).toBeGreaterThan(0)
            const next = wakeAt(step.state)
            expect(next === null || next > now).toBe(true)
          }
        }
        if (step.state.phase.kind === 'resolved' && before?.state.phase.kind === 'resolved')
          expect([...pages, ...machines]).toEqual([])
        const quiet = step.state.phase.kind === 'acknowledged' || step.state.phase.kind === 'snoozed'
        if (quiet) expect([...pages, ...machines]).toEqual([])
        if (step.refusal !== null) expect(step.state).toBe(before?.state)
        // Open and unanswered with nothing to come: only with a reason that says so.
        if (wakeAt(step.state) === null && step.state.phase.kind === 'escalating') throw new Error('stuck')
        // The wake-up that was stored is the one the state wants.
        const wakes = step.effects.filter((each) => each.kind === 'wake')
        const stored = wakes.length > 0 ? (wakes.at(-1)?.at ?? null) : before === null ? null : wakeAt(before.state)
        expect(stored).toBe(wakeAt(step.state))
      }
      check(last, null, null)
      for (const [act, waitMs] of acts) {
        now = plus(now, waitMs)
        const input = act(now)
        const step = stepEscalation(last.state, input, directory, now)
        check(step, input, last)
        last = step
      }
    }),
    { numRuns: 1500 },
  )
})

// The people of a target at the beginning; a machine is nobody.
const namedBy = (target: Target, directory: Directory): readonly string[] => {
  if (target.kind === 'person') return [target.person]
  if (target.kind === 'team') return directory.inTeam(target.team)
  return target.kind === 'webhook' ? [] : directory.onCall(target.schedule, start)
}

test('somebody who can be reached is paged within the opening step, or the level before them tells machines alone', () => {
  fc.assert(
    fc.property(world, (given) => {
      const directory = directoryOf(given.rotas, given.absent)
      const reached = given.policy.levels.map(({ targets }) =>
        targets.flatMap((target) => namedBy(target, directory)).filter(directory.canReach),
      )
      const machines = given.policy.levels.map(({ targets }) =>
        targets.some((each) => each.kind === 'webhook' && directory.hasWebhook(each.webhook)),
      )
      const onLevels = reached.some((people) => people.length > 0)
      const first = reached.findIndex((people, index) => people.length > 0 || machines[index] === true)
      const { fallbackOwner } = given.policy
      const owned = fallbackOwner !== null && directory.canReach(fallbackOwner)
      const kinds = openEscalation(given, directory, start).effects.map((each) => each.kind)
      const waits = onLevels && reached[first]?.length === 0
      expect(kinds.includes('page')).toBe(!waits && (onLevels || owned))
      expect(kinds.includes('page') || kinds.includes('unrouted') || waits).toBe(true)
      if (waits) expect(kinds).toContain('page-webhooks')
      // When nobody can be reached, no machine waits for its level.
      if (!onLevels) expect(kinds.includes('page-webhooks')).toBe(machines.includes(true))
    }),
    { numRuns: 1000 },
  )
})

test('it never comes to its end with machines alone told', () => {
  fc.assert(
    fc.property(world, (given) => {
      const directory = directoryOf(given.rotas, given.absent)
      let step = openEscalation(given, directory, start)
      const kinds = new Set(step.effects.map((each) => each.kind))
      for (let made = 0; made < 200 && step.state.phase.kind !== 'exhausted'; made += 1) {
        const at = wakeAt(step.state)
        if (at === null) break
        step = stepEscalation(step.state, { kind: 'due' }, directory, at)
        for (const each of step.effects) kinds.add(each.kind)
      }
      expect(step.state.phase.kind).toBe('exhausted')
      expect(kinds.has('page') || kinds.has('unrouted')).toBe(true)
    }),
    { numRuns: 1000 },
  )
})
