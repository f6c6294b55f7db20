import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { readMatchers } from './matcher.ts'
import { differenceOf, type PastAlert, replayAlerts, sourcesWithin } from './replay.ts'
import type { Route } from './route.ts'
import { describeSilent, type Hold, nameSilent, type Routing } from './routing.ts'

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
  ...{ service: null, team: null, urgency: 'high' },
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
      before: { held, receivers: [receiver], telling: held === null ? [receiver] : [] },
      after: { held: heldAfter, receivers: [receiverAfter], telling: heldAfter === null ? [receiverAfter] : [] },
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
  const replayed = [...replayAlerts(null, routing(route('pager'), rules), alerts)].reverse()
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
      const replayed = [...replayAlerts(rules, rules, alerts)]
      expect(replayed).toHaveLength(alerts.length)
      expect(replayed.every((each) => differenceOf(each) === 'same')).toBe(true)
    }),
  )
})

const also = (of: Route): Route => ({ ...of, continues: true })
const teamA = ready('team', 'a')

test('a receiver that sends nowhere tells nobody, also beside one that does', () => {
  const after = routing(route('pager', [also(route('none', [], teamA)), route('mails', [], teamA)]))
  const alerts = [alert(1, { team: 'a' }, 1, 2), alert(2, { team: 'b' }, 1, 2)]
  const fates = [...replayAlerts(null, after, alerts)].map((each) => each.after).reverse()
  expect(fates).toEqual([
    { receivers: ['none', 'mails'], telling: ['mails'], held: null },
    { receivers: ['pager'], telling: ['pager'], held: null },
  ])
  expect(describeSilent(after, fates)).toEqual([
    'none sends nowhere: of the one alert that goes to it, it tells nobody. Other receivers tell of 1.',
  ])
  expect(nameSilent(after, { receivers: ['none', 'mails'], hold: null })).toEqual([
    {
      ...{ rule: 'receiver', verdict: 'tells nobody' },
      because: 'none: the routing file lets it send nowhere, so it tells nobody.',
    },
  ])
  expect(nameSilent(after, { receivers: ['mails'], hold: null })).toEqual([])
  // The verdict says so itself then.
  expect(nameSilent(after, { receivers: ['none'], hold: 'nobody' })).toEqual([])
})

test('a receiver outside its hours tells nobody either', () => {
  const closed = { ...route('mails', [], teamA), continues: true, activeIn: ['never'] }
  const [replayed] = replayAlerts(null, routing(route('pager', [closed, route('pager', [], teamA)])), [
    alert(1, { team: 'a' }, 1, 2),
  ])
  expect(replayed?.after).toEqual({ receivers: ['mails', 'pager'], telling: ['pager'], held: null })
})

test('where no receiver sends anywhere the policies tell, and no receiver does', () => {
  const silent = { ...routing(route('none')), receivers: [{ name: 'none', sendsBy: [] }] }
  const alerts = [alert(1, {}, 1, 2), alert(2, {}, 1, 2)]
  const replayed = [...replayAlerts(silent, silent, alerts)]
  expect(replayed.map((each) => each.after)).toEqual(
    alerts.map(() => ({ receivers: ['none'], telling: [], held: null })),
  )
  const [words = ''] = describeSilent(silent, [])
  expect(words).toMatch(/^No receiver sends anywhere/)
  expect(nameSilent(silent, { receivers: ['none'], hold: null })[0]?.verdict).toBe('tells nobody')
})

test('another receiver that tells nobody besides is no move', () => {
  const one = routing(route('pager'))
  const two = routing(route('pager', [also(route('none')), route('pager')]))
  const [replayed] = replayAlerts(one, two, [alert(1, {}, 1, 2)])
  expect(replayed?.after.receivers).toEqual(['none', 'pager'])
  expect(replayed === undefined ? null : differenceOf(replayed)).toBe('same')
})

test('of receivers that tell nobody, what they say adds up', () => {
  const file = routing(route('pager', [also(route('none', [], teamA)), route('none', [], ready('team', 'b'))]))
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 30 }), (teams) => {
      const alerts = teams.map((team, index) => alert(index, { team }, index, index + 1))
      const fates = [...replayAlerts(null, file, alerts)].map((each) => each.after)
      for (const { receivers, telling, held } of fates) {
        expect(telling.length > 0).toBe(held === null)
        expect(receivers).toEqual(expect.arrayContaining([...telling]))
        expect(telling).not.toContain('none')
      }
      const came = teams.filter((team) => team !== 'c').length
      expect(describeSilent(file, fates)).toHaveLength(came === 0 ? 0 : 1)
    }),
  )
})

test('a file of many rules is asked about fewer sources, never about none', () => {
  const sources = Array.from({ length: 20_000 }, (_, id) => ({ id: String(id), labels: {} }))
  const rule = { source: [], target: [], equal: [], line: 1 }
  const within = (rules: number) => sourcesWithin(routing(route('pager'), Array(rules).fill(rule)), sources).length
  expect([within(0), within(50), within(1_000), within(20_000)]).toEqual([20_000, 20_000, 1_000, 100])
})
