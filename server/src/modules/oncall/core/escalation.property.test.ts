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
})

const someTarget: fc.Arbitrary<Target> = fc.oneof(
  somePerson.map((person) => ({ kind: 'person' as const, person })),
  fc.constantFrom('0', '1').map((schedule) => ({ kind: 'schedule' as const, schedule })),
  fc.constantFrom('all', 'none').map((team) => ({ kind: 'team' as const, team })),
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
        if (step.state.phase.kind === 'resolved' && before?.state.phase.kind === 'resolved') expect(pages).toEqual([])
        const quiet = step.state.phase.kind === 'acknowledged' || step.state.phase.kind === 'snoozed'
        if (quiet) expect(pages).toEqual([])
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

test('somebody who can be reached is paged within the opening step', () => {
  fc.assert(
    fc.property(world, (given) => {
      const directory = directoryOf(given.rotas, given.absent)
      const named = given.policy.levels
        .flatMap((level) => level.targets)
        .flatMap((target) =>
          target.kind === 'person'
            ? [target.person]
            : target.kind === 'team'
              ? directory.inTeam(target.team)
              : directory.onCall(target.schedule, start),
        )
      const all = given.policy.fallbackOwner === null ? named : [...named, given.policy.fallbackOwner]
      const kinds = openEscalation(given, directory, start).effects.map((each) => each.kind)
      expect(kinds.includes('page')).toBe(all.some((person) => directory.canReach(person)))
      expect(kinds.includes('page') || kinds.includes('unrouted')).toBe(true)
    }),
    { numRuns: 500 },
  )
})
