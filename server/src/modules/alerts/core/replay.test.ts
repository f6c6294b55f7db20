import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { readMatchers } from './matcher.ts'
import { differenceOf, type PastAlert, replayAlerts } from './replay.ts'
import type { Route } from './route.ts'
import type { Hold, Routing } from './routing.ts'

const ready = (name: string, value: string) => {
  const read = readMatchers([{ name, operator: '=', value }])
  if (!read.ok) throw new Error('A matcher of the test is wrong.')
  return read.matchers
}
const route = (receiver: string, routes: readonly Route[] = [], matchers: Route['matchers'] = []): Route => ({
  ...{ receiver, matchers, groupBy: [], groupWaitMs: 0, groupIntervalMs: 1, repeatIntervalMs: 1 },
  ...{ muteIn: [], activeIn: [], continues: false, routes, line: 1 },
})
const routing = (root: Route, inhibitions: Routing['inhibitions'] = []): Routing => ({
  ...{ root, inhibitions, intervals: new Map() },
  receivers: [
    { name: 'pager', sendsBy: ['webhook_configs'] },
    { name: 'mails', sendsBy: ['email_configs'] },
    { name: 'none', sendsBy: [] },
  ],
})
const alert = (number: number, labels: Record<string, string>, from: number, to: number | null): PastAlert => ({
  ...{ id: `id${number}`, number, title: `t${number}`, severity: 'warning', labels },
  ...{ openedAt: instant(from), endedAt: to === null ? null : instant(to) },
})

test.each<[Hold | null, string, Hold | null, string, string]>([
  [null, 'a', 'nobody', 'b', 'newly-held'],
  ['muted', 'a', null, 'a', 'newly-told'],
  [null, 'a', null, 'b', 'moved'],
  [null, 'a', null, 'a', 'same'],
  ['muted', 'a', 'inhibited', 'b', 'same'],
])('%s %s and then %s %s is %s', (held, receiver, heldAfter, receiverAfter, expected) => {
  expect(
    differenceOf({
      before: { held, receivers: [receiver] },
      after: { held: heldAfter, receivers: [receiverAfter] },
    }),
  ).toBe(expected)
})

test('inhibited only by what was open when it began', () => {
  const rules = [{ source: ready('kind', 'cause'), target: ready('kind', 'symptom'), equal: [], line: 2 }]
  const alerts = [
    alert(1, { kind: 'symptom' }, 5, 6),
    alert(2, { kind: 'cause' }, 10, 20),
    alert(3, { kind: 'symptom' }, 15, 30),
    alert(4, { kind: 'symptom' }, 20, null),
  ]
  const replayed = replayAlerts(null, routing(route('pager'), rules), [...alerts].reverse())
  expect(replayed.map((each) => [each.alert.number, each.after.held])).toEqual([
    [1, null],
    [2, null],
    [3, 'inhibited'],
    [4, null],
  ])
})

test('the same rules twice change nothing', () => {
  const rules = routing(route('pager', [route('mails', [], ready('team', 'a')), route('none', [], ready('team', 'b'))]))
  const past = fc.array(
    fc.record({ team: fc.constantFrom('a', 'b', 'c'), from: fc.integer({ min: 0, max: 99 }), lasts: fc.nat(50) }),
  )
  fc.assert(
    fc.property(past, (given) => {
      const alerts = given.map(({ team, from, lasts }, index) => alert(index, { team }, from, from + lasts))
      const replayed = replayAlerts(rules, rules, alerts)
      expect(replayed).toHaveLength(alerts.length)
      expect(replayed.every((each) => differenceOf(each) === 'same')).toBe(true)
    }),
  )
})
