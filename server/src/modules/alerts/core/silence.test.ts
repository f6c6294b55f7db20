import { expect, test } from 'vitest'
import { hour } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { formatMatcher, type Matcher, matchesAll, parseMatchers, readMatchers } from './matcher.ts'
import { isSilenced, readSilence, type Silence, type SilenceDraft, silenceable, silenceState } from './silence.ts'

const now = instant(Date.UTC(2026, 1, 2))
const matcher = (text: string): readonly Matcher[] => {
  const read = parseMatchers(text)
  if (!read.ok) throw new Error(read.detail)
  return read.matchers
}

test.each([
  ['a="x"', { a: 'x' }, true],
  ['a="x"', { a: 'y' }, false],
  ['a="x"', {}, false],
  ['a=""', {}, true],
  ['a!=""', {}, false],
  ['a!=""', { a: 'x' }, true],
  ['a!="x"', {}, true],
  ['a=~"x|y"', { a: 'y' }, true],
  ['a=~"x"', { a: 'xy' }, false],
  ['a=~".*"', {}, true],
  ['a!~"x.*"', { a: 'xy' }, false],
  ['a!~"x.*"', {}, true],
  ['{a="x", b=~"1.*",}', { a: 'x', b: '12' }, true],
  ['{a="x", b=~"1.*"}', { a: 'x', b: '2' }, false],
  ['a=x', { a: 'x' }, true],
  ['"odd name"="x\\"y"', { 'odd name': 'x"y' }, true],
  ['foo=', {}, true],
])('%s on %j is %s', (text, labels, expected) => {
  const read = readMatchers(matcher(text))
  expect(read.ok && matchesAll(read.matchers, labels)).toBe(expected)
})

test.each(['foo', '{a="x"', 'a="x" b="y"', '=x', 'a=="x"', 'a="x'])('%s cannot be read', (text) => {
  expect(parseMatchers(text).ok).toBe(false)
})

test('what is written can be read again', () => {
  const given: Matcher[] = [
    { name: 'a b', operator: '!~', value: 'x\\d"\n' },
    { name: 'ü', operator: '=', value: '' },
  ]
  expect(matcher(given.map(formatMatcher).join(','))).toEqual(given)
})

const draft: SilenceDraft = {
  sets: [matcher('service="checkout"')],
  startsAt: now,
  endsAt: plus(now, hour),
  by: 'ana',
  reason: 'migration',
}

test.each<[string, Partial<SilenceDraft>, string]>([
  ['covers everything', { sets: [matcher('a=~".*"')] }, '/sets/0'],
  ['a set that matches the empty alert', { sets: [matcher('a="x"'), matcher('b!="x"')] }, '/sets/1'],
  ['has no set', { sets: [] }, '/sets'],
  ['has an empty set', { sets: [[]] }, '/sets/0'],
  ['ends at its start', { endsAt: now }, '/endsAt'],
  ['is over', { startsAt: plus(now, -2 * hour), endsAt: now }, '/endsAt'],
  ['has no reason', { reason: ' ' }, '/reason'],
  ['has a pattern that cannot be read', { sets: [matcher('a=~"(x"')] }, '/sets/0/0/value'],
])('a silence that %s is refused', (_, change, pointer) => {
  const read = readSilence('s', { ...draft, ...change }, now)
  expect(read.ok ? [] : read.faults.map((fault) => fault.pointer)).toEqual([pointer])
})

const silence = (id: string, change: Partial<SilenceDraft> = {}): Silence => {
  const read = readSilence(id, { ...draft, ...change }, null)
  if (!read.ok) throw new Error(JSON.stringify(read.faults))
  return read.silence
}

test('a silence is active from its start up to, not at, its end', () => {
  expect([-1, 0, hour - 1, hour].map((offset) => silenceState(draft, plus(now, offset)))).toEqual([
    'pending',
    'active',
    'active',
    'expired',
  ])
})

test('the verdict names every silence, the last end and why', () => {
  const longer = silence('long', {
    endsAt: plus(now, 2 * hour),
    sets: [matcher('x="y"'), matcher('service=~"check.*"')],
  })
  const all = [silence('short'), longer, silence('other', { sets: [matcher('service="search"')] })]
  expect(isSilenced({ service: 'checkout' }, all, now)).toEqual({
    silenced: true,
    by: ['short', 'long'],
    last: longer,
    until: plus(now, 2 * hour),
    asked: {
      rule: 'silence',
      verdict: 'silenced',
      because: 'ana silenced service=~"check.*" until 2026-02-02T02:00:00.000Z: migration',
    },
  })
  expect(isSilenced({ service: 'cart' }, all, now).asked.because).toBe('None of 3 active silences matches.')
  expect(isSilenced({ service: 'checkout' }, all, plus(now, 2 * hour))).toMatchObject({ silenced: false, until: null })
})

test('a service that came without a label can be silenced by it; a label of that name counts more', () => {
  expect(silenceable({ labels: { a: 'b' }, service: 'cart' })).toMatchObject({ a: 'b', service: 'cart' })
  expect(silenceable({ labels: { service: 'label' }, service: 'cart' })).toMatchObject({ service: 'label' })
  expect(silenceable({ labels: { a: 'b' }, service: null })).not.toHaveProperty('service')
})

test('a maintenance covers services of the catalog, whatever senders call their labels', () => {
  const draft = { sets: [], startsAt: now, endsAt: plus(now, hour), by: 'ana', reason: 'new disks' }
  const read = readSilence('m', { ...draft, maintenance: { window: 'disks', services: ['cart', 'pay'] } }, null)
  const silences = read.ok ? [read.silence] : []
  const held = (labels: Record<string, string>, service: string | null) =>
    isSilenced(silenceable({ labels, service }), silences, now)
  expect(held({ service: 'other' }, 'cart')).toMatchObject({ silenced: true, until: plus(now, hour) })
  expect(held({}, 'pay').asked).toEqual({
    rule: 'maintenance',
    verdict: 'held',
    because: 'Held by maintenance disks until 2026-02-02T01:00:00.000Z: new disks',
  })
  expect(held({ service: 'cart', __service__: 'cart' }, 'other').silenced).toBe(false)
  expect(held({ service: 'cart', __service__: 'cart' }, null).silenced).toBe(false)
})
