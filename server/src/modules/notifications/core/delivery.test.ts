import fc from 'fast-check'
import { expect, test } from 'vitest'
import { second } from '../../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../../kernel/instant.ts'
import {
  type Delivery,
  type DeliveryEvent,
  deliveryDueAt,
  deliveryKey,
  moveDelivery,
  newDelivery,
  takenOverAt,
} from './delivery.ts'

const start = instant(Date.UTC(2026, 1, 2))
const key = deliveryKey({ page: '42', step: 1, person: 'ana', order: 1, contact: 'phone' })

/** Claims whenever it is due and answers with the given outcomes, each taking no time. */
function run(outcomes: readonly DeliveryEvent[]) {
  let delivery: Delivery = newDelivery(key, start)
  const attempts: number[] = []
  const effects: string[] = []
  for (const outcome of outcomes) {
    const due = deliveryDueAt(delivery)
    if (due === null) break
    const claimed = moveDelivery(delivery, { kind: 'claimed', leaseMs: 5 * second }, due)
    attempts.push((due - start) / second)
    const at = outcome.kind === 'lease-expired' ? plus(due, 5 * second) : due
    const moved = moveDelivery(claimed.delivery, outcome, at)
    effects.push(...moved.effects.map((each) => each.kind))
    delivery = moved.delivery
  }
  return { phase: delivery.phase.kind, attempts, effects, delivery }
}

const refused: DeliveryEvent = { kind: 'refused', because: 'The server answered 503.' }
const lost: DeliveryEvent = { kind: 'lost', because: 'No answer came.' }
const died: DeliveryEvent = { kind: 'lease-expired', written: true }
const unsent: DeliveryEvent = { kind: 'lease-expired', written: false }
const own: DeliveryEvent = { kind: 'unsent', because: 'The database cannot be reached right now.' }
const accepted: DeliveryEvent = { kind: 'accepted', receipt: 'r1' }

test.each<[string, DeliveryEvent[], string, number[], string[]]>([
  ['accepted at once', [accepted], 'sent', [0], []],
  ['refused twice', [refused, refused, accepted], 'sent', [0, 2, 5], []],
  ['refused five times', Array.from({ length: 9 }, () => refused), 'failed', [0, 2, 5, 10, 20], ['next-channel']],
  ['rejected for good', [{ kind: 'rejected', because: 'The subscription is gone.' }], 'failed', [0], ['next-channel']],
  ['the answer is lost once', [lost, accepted], 'sent', [0, 2], []],
  ['the answer is lost twice: never a third copy', [lost, lost, accepted], 'unknown', [0, 2], ['next-channel']],
  [
    'lost, then refused to the end: it may have arrived',
    [lost, refused, refused, refused, refused],
    'unknown',
    [0, 2, 5, 10, 20],
    ['next-channel'],
  ],
  ['the sending process dies', [died, accepted], 'sent', [0, 5], []],
  [
    'two processes die while they send: never a third copy',
    [died, died, accepted],
    'unknown',
    [0, 5],
    ['next-channel'],
  ],
  [
    'processes die before a byte left: those are no copies',
    [unsent, unsent, unsent, unsent, unsent, unsent, accepted],
    'sent',
    [0, 5, 10, 15, 20, 25, 30],
    [],
  ],
  [
    'a message that ends every process that claims it is given up',
    Array.from({ length: 20 }, () => unsent),
    'failed',
    Array.from({ length: 12 }, (_, index) => index * 5),
    ['next-channel'],
  ],
  [
    'four processes die before a byte left, then one while it sends: the second copy still goes',
    [unsent, unsent, unsent, unsent, died, accepted],
    'sent',
    [0, 5, 10, 15, 20, 25],
    [],
  ],
  [
    'our own database could not be asked: that is no attempt of the channel',
    [own, own, own, own, refused, accepted],
    'sent',
    [0, 1, 2, 3, 4, 20],
    [],
  ],
  ['asked to wait 8 s', [{ ...refused, retryAfterMs: 8 * second }, accepted], 'sent', [0, 8], []],
  [
    'asked to wait a minute: another channel',
    [{ ...refused, retryAfterMs: 60 * second }],
    'failed',
    [0],
    ['next-channel'],
  ],
])('%s', (_, outcomes, phase, attempts, effects) => {
  expect(run(outcomes)).toMatchObject({ phase, attempts, effects })
})

test('a key reads well, is the same for every attempt and different for every other message', () => {
  expect(key).toBe('page:42:1:ana:1:phone')
  const odd = deliveryKey({ page: 'a:b', step: 1, person: 'x', order: 1, contact: 'c' })
  expect(odd).not.toBe(deliveryKey({ page: 'a', step: 1, person: 'b:x', order: 1, contact: 'c' }))
})

test('cancelled before it is claimed it never goes out; during a send the outcome is kept and nothing is retried', () => {
  const cancel: DeliveryEvent = { kind: 'cancelled', because: 'ana acknowledged.' }
  const idle = moveDelivery(newDelivery(key, start), cancel, start).delivery
  expect(idle.phase.kind).toBe('cancelled')
  expect(moveDelivery(idle, { kind: 'claimed', leaseMs: 1 }, start).effects).toEqual([])
  const claimed = moveDelivery(newDelivery(key, start), { kind: 'claimed', leaseMs: 1 }, start).delivery
  const stopped = moveDelivery(claimed, cancel, start).delivery
  expect(stopped.phase.kind).toBe('sending')
  expect(moveDelivery(stopped, refused, start).delivery.phase.kind).toBe('cancelled')
  expect(moveDelivery(stopped, { kind: 'rejected', because: 'gone' }, start)).toMatchObject({ effects: [] })
  expect(moveDelivery(stopped, lost, start).delivery).toMatchObject({ phase: { kind: 'cancelled' }, copies: 1 })
  expect(moveDelivery(stopped, accepted, start).delivery.phase.kind).toBe('sent')
})

test('of what may have left its sender has three seconds more to say that it was taken', () => {
  expect(takenOverAt(start, false)).toBe(start)
  expect(takenOverAt(start, true)).toBe(plus(start, 3 * second))
})

test('a late receipt ends what was unknown', () => {
  const { delivery } = run([lost, lost])
  expect(moveDelivery(delivery, accepted, start).delivery.phase.kind).toBe('sent')
})

const someEvent: fc.Arbitrary<DeliveryEvent> = fc.oneof(
  fc.integer({ min: 1, max: 9000 }).map((leaseMs): DeliveryEvent => ({ kind: 'claimed', leaseMs })),
  fc.constant<DeliveryEvent>({ kind: 'claimed', leaseMs: 5000 }),
  fc.constant(accepted),
  fc.nat(30_000).map((retryAfterMs): DeliveryEvent => ({ kind: 'refused', because: 'x', retryAfterMs })),
  fc.constant<DeliveryEvent>({ kind: 'rejected', because: 'x' }),
  fc.constant(lost),
  fc.constantFrom(died, unsent, own),
  fc.constant<DeliveryEvent>({ kind: 'cancelled', because: 'x' }),
)

test('at most five attempts, or twelve where our own side failed, and two possible copies; the end is final and asks for another channel at most once', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(someEvent, fc.nat(12_000)), { maxLength: 60 }), (events) => {
      let delivery = newDelivery(key, start)
      let now: Instant = start
      let sends = 0
      let handOvers = 0
      let over = false
      for (const [event, waitMs] of events) {
        now = plus(now, waitMs)
        const due = deliveryDueAt(delivery)
        const moved = moveDelivery(delivery, event, now)
        for (const effect of moved.effects) {
          if (effect.kind === 'next-channel') handOvers += 1
          else {
            sends += 1
            expect(over).toBe(false)
            expect(due !== null && due <= now).toBe(true)
            expect(effect.key).toBe(key)
          }
        }
        delivery = moved.delivery
        if (event.kind === 'cancelled' || deliveryDueAt(delivery) === null) over = true
      }
      const ended = events.some(([event]) => event === unsent || event === own || event === died)
      expect(sends).toBeLessThanOrEqual(ended ? 12 : 5)
      expect(delivery.copies).toBeLessThanOrEqual(2)
      expect(handOvers).toBeLessThanOrEqual(1)
    }),
    { numRuns: 1000 },
  )
})

test('what was counted as a copy and was none: a message that was given up for it goes on, one that was stopped does not', () => {
  const { delivery: unknown } = run([died, died])
  expect(unknown).toMatchObject({ phase: { kind: 'unknown' }, copies: 2 })
  const later = plus(start, 60 * second)
  const none: DeliveryEvent = { kind: 'nothing-left' }
  const on = moveDelivery(unknown, none, later)
  expect(on).toMatchObject({ delivery: { phase: { kind: 'pending', dueAt: later }, copies: 1 }, effects: [] })
  expect(moveDelivery(on.delivery, none, later).delivery).toMatchObject({ phase: { kind: 'pending' }, copies: 0 })
  expect(moveDelivery({ ...unknown, stopped: 'ana has it.' }, none, later).delivery.phase.kind).toBe('unknown')
  const sent = run([died, accepted]).delivery
  expect(moveDelivery(sent, none, later).delivery).toEqual({ ...sent, copies: 0 })
})
