import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, instant } from '../../../kernel/instant.ts'
import { compare, rational } from '../../../kernel/rational.ts'
import {
  type Agreement,
  agreementFault,
  attainedByDowntime,
  attainedByRequests,
  creditFor,
  downtimeOf,
  judgeAgreement,
  nextCredit,
  outagesOf,
} from './agreement.ts'
import {
  agreedPeriodAgo,
  agreedPeriodAt,
  endedPeriodsOf,
  type KnownPeriods,
  periodTitle,
  settledPart,
} from './agreement-period.ts'
import { attainedWords, creditText, nextView, statementSentence } from './agreement-words.ts'
import { amountText, moneyText, parseMoney, shareOfMoney } from './money.ts'

const percent = (value: number) => rational(Math.round(value * 1_000), 100_000)
const agreement: Agreement = {
  ...{ name: 'gold', displayName: 'Gold', description: '', team: null, customer: 'Gold customers' },
  subject: { kind: 'objective', name: 'checkout' },
  target: percent(99.9),
  ...{ period: 'month', timeZone: 'Europe/Vienna', from: null, until: null },
  counting: { by: 'downtime', below: percent(95), leastMinutes: 5 },
  ...{ unmeasured: 'open', exclusions: [], notify: [], settleDays: 3 },
  fee: parseMoney('1200.00 EUR'),
  credits: [
    { below: percent(99.9), credit: percent(10) },
    { below: percent(99), credit: percent(25) },
    { below: percent(95), credit: percent(100) },
  ],
  cap: percent(50),
}

test.each([
  { attained: 100, share: 0, amount: '0.00 EUR', capped: false },
  { attained: 99.9, share: 0, amount: '0.00 EUR', capped: false }, // what was promised is kept
  { attained: 99.899, share: 10, amount: '120.00 EUR', capped: false },
  { attained: 99, share: 10, amount: '120.00 EUR', capped: false },
  { attained: 98.999, share: 25, amount: '300.00 EUR', capped: false },
  { attained: 10, share: 50, amount: '600.00 EUR', capped: true },
])('$attained % attained pays $amount', ({ attained, share, amount, capped }) => {
  const credit = creditFor(agreement, percent(attained))
  expect(credit.share).toEqual(percent(share))
  expect(credit.capped).toBe(capped)
  expect(credit.amount === null ? null : moneyText(credit.amount)).toBe(amount)
})

test('less attained never pays less, and never more than the cap', () => {
  const share = fc.integer({ min: 0, max: 100_000 }).map((value) => rational(value, 100_000))
  fc.assert(
    fc.property(share, share, (a, b) => {
      const [less, more] = compare(a, b) <= 0 ? [a, b] : [b, a]
      const [paidLess, paidMore] = [creditFor(agreement, less), creditFor(agreement, more)]
      expect(compare(paidLess.share, paidMore.share)).toBeGreaterThanOrEqual(0)
      expect(compare(paidLess.share, percent(50))).toBeLessThanOrEqual(0)
    }),
  )
})

test.each([
  { fee: '100.00 EUR', share: rational(1, 3), text: '33.33 EUR' },
  { fee: '0.05 EUR', share: rational(1, 2), text: '0.03 EUR' }, // halves go up
  { fee: '100 JPY', share: rational(1, 8), text: '13 JPY' },
  { fee: '1.234 KWD', share: rational(1, 10), text: '0.123 KWD' },
  { fee: '0.1 EUR', share: rational(1), text: '0.10 EUR' },
])('$text of $fee', ({ fee, share, text }) => {
  const money = parseMoney(fee)
  expect(money === null ? null : moneyText(shareOfMoney(money, share))).toBe(text)
})

test.each(['', '12', '12 eur', '-3 EUR', '1.005 EUR', '1.5 JPY', '1e3 EUR', ' 1 EUR'])('%j is no amount', (text) => {
  expect(parseMoney(text)).toBeNull()
})

test('an amount is written as it was read', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), (cents) => {
      const text = `${cents / 100n}.${String(cents % 100n).padStart(2, '0')}`
      const money = parseMoney(`${text} EUR`)
      expect(money === null ? null : amountText(money)).toBe(text)
    }),
  )
})

const steps = (text: string) =>
  Uint8Array.from([...text], (each) => ({ '.': 1, x: 2, '?': 3, ' ': 4, i: 0 })[each] ?? 1)

test.each([
  { says: 'too short', of: '..xx..', least: 0, most: 0 },
  { says: 'long enough', of: '..xxx.', least: 3, most: 3 },
  { says: 'what the contract leaves out parts nothing', of: '.xx  x.', least: 3, most: 3 },
  { says: 'unknown minutes may have joined two', of: '.xx?xx.', least: 0, most: 5 },
  { says: 'silence may have been downtime, and is not known to', of: '.????.', least: 0, most: 4 },
  { says: 'an idle minute is up', of: 'xxixx', least: 0, most: 0 },
  { says: 'nothing', of: '', least: 0, most: 0 },
])('downtime in rows of three: $says', ({ of, least, most }) => {
  expect(downtimeOf(steps(of), 3)).toEqual({ least, most })
})

test('outages are told apart, with those that do not count', () => {
  const found = outagesOf(steps('xx..xxx  x?'), { from: instant(0), stepMs: 60_000, leastSteps: 3 })
  expect(found).toEqual([
    { start: 0, end: 120_000, counted: false },
    { start: 240_000, end: 600_000, counted: true },
  ])
})

test('what is not known never makes more of what was attained than the most, nor less than the least', () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(0, 1, 2, 3, 4), { minLength: 1, maxLength: 60 }),
      fc.integer({ min: 1, max: 4 }),
      fc.infiniteStream(fc.boolean()),
      (states, run, coins) => {
        const down = downtimeOf(Uint8Array.from(states), run)
        const truth = Uint8Array.from(states, (each) => (each === 3 ? (coins.next().value ? 2 : 1) : each))
        const real = downtimeOf(truth, run)
        expect(real.least).toBe(real.most)
        expect(down.least).toBeLessThanOrEqual(real.least)
        expect(down.most).toBeGreaterThanOrEqual(real.least)
      },
    ),
  )
})

test.each([
  { says: 'all measured', of: { good: 999, bad: 1, measuredMs: 1_000, unknownMs: 0 }, text: '99.90 %' },
  { says: 'half of it', of: { good: 999, bad: 1, measuredMs: 1_000, unknownMs: 1_000 }, text: '49.95 % to 99.95 %' },
  { says: 'nobody came', of: { good: 0, bad: 0, measuredMs: 1_000, unknownMs: 0 }, text: '100 %' },
  { says: 'nobody was seen', of: { good: 0, bad: 0, measuredMs: 1_000, unknownMs: 1 }, text: 'not known' },
  { says: 'nothing', of: { good: 0, bad: 0, measuredMs: 0, unknownMs: 1_000 }, text: 'not known' },
])('requests: $says', ({ of, text }) => {
  expect(attainedWords(attainedByRequests(of)).replace('99.9 %', '99.90 %')).toBe(text)
})

test('open is what the unknown decides; nothing at all is open, never kept', () => {
  const both = (value: number) => ({ least: percent(value), most: percent(value) })
  expect(judgeAgreement(agreement, both(99.95)).verdict).toBe('kept')
  expect(judgeAgreement(agreement, both(99.5)).verdict).toBe('missed')
  expect(judgeAgreement(agreement, { least: percent(98), most: percent(99.95) })).toMatchObject({
    verdict: 'open',
    least: { tier: null },
    most: { tier: { credit: percent(25) } },
  })
  expect(judgeAgreement(agreement, null).verdict).toBe('open')
  expect(attainedByDowntime(0, { least: 0, most: 0 })).toBeNull()
})

test('three hours and twelve minutes more of this, and the next credit is due', () => {
  // A month of 30 days: 43.2 minutes may be down, then 7 h 12 min.
  const order = { whole: rational(43_200), lost: rational(240), unitMs: rational(60_000) }
  expect(nextView(agreement, order)).toMatchObject({
    leftMs: 192 * 60_000,
    sentence: '3 h 12 min more of this and the 25 % credit is due.',
  })
  const requests = { ...agreement, counting: { by: 'requests' } as const }
  expect(nextView(requests, { whole: rational(100_000), lost: rational(20), unitMs: rational(600) })).toMatchObject({
    leftRequests: 80,
    leftMs: 48_000,
    sentence: '81 more failed requests and the 10 % credit is due.',
  })
  expect(nextView(requests, { whole: rational(100_000), lost: rational(20), unitMs: rational(6_000) })?.sentence).toBe(
    '81 more failed requests, or 8 min of full outage at the usual traffic, and the 10 % credit is due.',
  )
  expect(nextView(requests, { whole: rational(100_000), lost: rational(100), unitMs: rational(6) })).toMatchObject({
    leftRequests: 0,
    sentence: '1 more failed request and the 10 % credit is due.',
  })
  expect(nextView(agreement, { ...order, lost: rational(43_000) })).toBeNull()
  expect(nextView(agreement, { ...order, whole: rational(0) })).toBeNull()
})

test('a credit is due exactly when nothing is left before it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50_000 }), fc.nat(50_000), (whole, down) => {
      const lost = Math.min(whole, down)
      const credit = creditFor({ ...agreement, cap: null }, rational(whole - lost, whole))
      const next = nextCredit(agreement, { whole: rational(whole), lost: rational(lost) })
      const dueCount = credit.tier === null ? 0 : agreement.credits.indexOf(credit.tier) + 1
      expect(next?.tier ?? null).toEqual(agreement.credits[dueCount] ?? null)
    }),
  )
})

test.each([
  { says: 'sound', more: {}, pointer: undefined },
  { says: 'a credit above the target', more: { target: percent(99) }, pointer: '/spec/credits/0/below' },
  {
    says: 'out of order',
    more: { credits: [...agreement.credits].reverse() },
    pointer: '/spec/credits/1/below',
  },
  {
    says: 'less for worse',
    more: {
      credits: [
        { below: percent(99), credit: percent(20) },
        { below: percent(95), credit: percent(10) },
      ],
    },
    pointer: '/spec/credits/1/credit',
  },
  { says: 'a cap of nothing, with a fee', more: { credits: [] }, pointer: '/spec/cap' },
  {
    says: 'requests of a journey',
    more: { subject: { kind: 'journey', name: 'buy' }, counting: { by: 'requests' } },
    pointer: '/spec/counts',
  },
] as const)('$says', ({ more, pointer }) => {
  expect(agreementFault({ ...agreement, ...more })?.pointer).toBe(pointer)
})

const at = (text: string) => instant(Date.parse(text))
test.each([
  {
    says: 'a month',
    term: {},
    at: '2026-10-15T00:00:00Z',
    start: '2026-09-30T22:00:00.000Z',
    end: '2026-10-31T23:00:00.000Z',
  },
  {
    says: 'from its first day',
    term: { from: '2026-10-10' },
    at: '2026-10-15T00:00:00Z',
    start: '2026-10-09T22:00:00.000Z',
    end: '2026-10-31T23:00:00.000Z',
  },
  {
    says: 'to its last',
    term: { until: '2026-10-20' },
    at: '2026-10-15T00:00:00Z',
    start: '2026-09-30T22:00:00.000Z',
    end: '2026-10-20T22:00:00.000Z',
  },
])('a period of a contract: $says', ({ term, at: text, start, end }) => {
  const period = agreedPeriodAt({ ...agreement, ...term }, at(text))
  expect(period === null ? null : [formatInstant(period.start), formatInstant(period.end)]).toEqual([start, end])
})

test('no contract, no period; the one before the present is found', () => {
  const term = { ...agreement, from: '2026-10-10', until: '2026-12-31' }
  expect(agreedPeriodAt(term, at('2026-10-05T00:00:00Z'))).toBeNull()
  expect(agreedPeriodAt(term, at('2027-01-05T00:00:00Z'))).toBeNull()
  expect(agreedPeriodAgo(term, at('2027-01-05T00:00:00Z'), 1)?.end).toBe(at('2026-12-31T23:00:00Z'))
  expect(agreedPeriodAgo(term, at('2026-11-05T00:00:00Z'), 1)?.start).toBe(at('2026-10-09T22:00:00Z'))
  expect(agreedPeriodAgo(term, at('2026-11-05T00:00:00Z'), 2)).toBeNull()
  expect(periodTitle(agreement, at('2026-09-30T22:00:00Z'))).toBe('October 2026')
  expect(periodTitle({ ...agreement, period: 'quarter' }, at('2026-09-30T22:00:00Z'))).toBe('fourth quarter of 2026')
})

test('periods that ended: back to the beginning of the contract, cut to it, at most so many', () => {
  const now = at('2026-11-10T00:00:00Z')
  const starts = (term: object, more: object = {}) =>
    endedPeriodsOf({ ...agreement, timeZone: 'UTC', ...term }, { now, since: null, most: 60, ...more }).map(
      ({ start, end }) => [formatInstant(start).slice(0, 10), formatInstant(end).slice(0, 10)],
    )
  expect(starts({ from: '2025-10-15' })).toHaveLength(13)
  expect(starts({ from: '2025-10-15' }).at(-1)).toEqual(['2025-10-15', '2025-11-01'])
  expect(starts({ from: '2025-10-15', until: '2026-09-10' })[0]).toEqual(['2026-09-01', '2026-09-11'])
  // It ended within the present month.
  expect(starts({ until: '2026-11-05' }, { most: 1 })).toEqual([['2026-11-01', '2026-11-06']])
  expect(starts({}, { since: at('2026-08-20T00:00:00Z') })).toHaveLength(3)
  expect(starts({})).toHaveLength(60)
  const known: KnownPeriods = new Map()
  const term = { ...agreement, from: '2026-01-01' }
  expect(endedPeriodsOf(term, { now, since: null, most: 60 }, known)).toEqual(
    endedPeriodsOf(term, { now, since: null, most: 60 }, known),
  )
})

test.each([
  { says: 'nothing', of: [], part: 'none' },
  {
    says: 'the time before and after',
    of: [
      [0, 10],
      [40, 50],
    ],
    part: 'none',
  },
  { says: 'a month of the quarter', of: [[10, 20]], part: 'part' },
  {
    says: 'all its months',
    of: [
      [30, 40],
      [10, 20],
      [20, 30],
    ],
    part: 'all',
  },
  { says: 'a year around it', of: [[0, 99]], part: 'all' },
] as const)('settled already: $says', ({ of, part }) => {
  const settled = of.map(([start, end]) => ({ start: instant(start), end: instant(end) }))
  expect(settledPart({ start: instant(10), end: instant(40) }, settled)).toBe(part)
})

test('a statement in one sentence', () => {
  const attained = { least: percent(99.5), most: percent(99.5) }
  expect(statementSentence(agreement, { attained, judged: judgeAgreement(agreement, attained), running: false })).toBe(
    '99.5 % attained, of 99.9 % promised. A credit of 10 %, 120.00 EUR is due.',
  )
  expect(statementSentence(agreement, { attained: null, judged: judgeAgreement(agreement, null), running: true })).toBe(
    'Not known what was attained, of 99.9 % promised.',
  )
})

test.each([
  { of: { belowText: null }, text: 'none' },
  { of: {}, text: '20 % of the fee, 200.00 EUR (cap)' },
  { of: { amount: null, capped: false }, text: '20 % of the fee' },
])('a credit as customers read it: $text', ({ of, text }) => {
  const due = { percentText: '20', belowText: '99', amount: { amount: '200.00', currency: 'EUR' }, capped: true }
  expect(creditText({ ...due, ...of })).toBe(text)
})
