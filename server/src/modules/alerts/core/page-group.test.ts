import fc from 'fast-check'
import { expect, test } from 'vitest'
import { minute } from '../../../kernel/duration.ts'
import { instant, plus } from '../../../kernel/instant.ts'
import { alertSeverities, tiers } from '../../../kernel/severity.ts'
import { isWorse } from './episode.ts'
import {
  judgeJoin,
  judgeRise,
  type Pageable,
  type PageGroup,
  reachesSame,
  speakerOf,
  spreadLimit,
} from './page-group.ts'

const now = instant(Date.UTC(2026, 2, 2, 9))
const ago = (minutes: number) => plus(now, -minutes * minute)

const alert: Pageable = {
  rule: 'ErrorRateHigh',
  service: 'checkout',
  team: 'web',
  policy: null,
  tier: 1,
  severity: 'critical',
  urgency: 'high',
}
const group: PageGroup = {
  id: 'a',
  number: 12,
  title: 'Errors',
  rule: 'ErrorRateHigh',
  team: 'web',
  services: ['checkout'],
  policy: null,
  tier: 1,
  worst: 'critical',
  urgency: 'high',
  openedAt: ago(2),
  answeredBy: null,
  answeredAt: null,
  standing: 'escalating',
}
const acknowledged = (minutes: number): Partial<PageGroup> => ({
  standing: 'acknowledged',
  answeredBy: 'ana',
  answeredAt: ago(minutes),
})
const related = (a: string, b: string) => (a !== b && [a, b].includes('cart') ? `${a} and ${b} are related` : null)

test.each<[string, Partial<Pageable>, Partial<PageGroup>, boolean, RegExp]>([
  ['the same service', {}, {}, true, /#12 \(Errors\): the same service/],
  ['a related service', { service: 'cart' }, {}, true, /related/],
  ['an unrelated service', { service: 'mail' }, {}, false, /nothing to do with mail/],
  ['another team', { team: 'pay' }, {}, false, /No page to team pay is out/],
  ['another team by the same policy', { team: 'pay', policy: 'dba' }, { policy: 'dba' }, true, /same service/],
  ['another team by another policy', { team: 'pay', policy: 'dba' }, {}, false, /No page to team pay or by policy dba/],
  ['another team, both left to their teams', { team: 'pay', policy: null }, {}, false, /No page to team pay is out/],
  ['nobody knows whose', { service: null, team: null }, {}, false, /Nobody has declared/],
  ['owned by nobody, behind a page of a team', { team: null }, {}, false, /services without an owner is out/],
  ['owned by nobody, like the first', { team: null }, { team: null }, true, /same service/],
  ['another policy', { policy: 'dba' }, {}, false, /other people/],
  ['worse than told', {}, { worst: 'warning' }, false, /what is worse is always told/],
  ['milder', { severity: 'warning' }, {}, true, /same service/],
  ['urgent behind a calm one', {}, { urgency: 'low' }, false, /without urgency/],
  ['more important than the first', { tier: 0 }, {}, false, /less important/],
  ['less important than the first', { tier: 3 }, {}, true, /same service/],
  ['too late', {}, { openedAt: ago(31) }, false, /too long/],
  ['just in time', {}, { openedAt: ago(30) }, true, /same service/],
  ['answered a moment ago', {}, acknowledged(15), true, /same service/],
  ['answered long ago', {}, acknowledged(16), false, /acknowledged too long ago/],
  ['put off', {}, { standing: 'snoozed' }, false, /put off/],
  ['told to everybody already', {}, { standing: 'over' }, false, /goes on to nobody/],
  ['over', {}, { standing: 'none' }, false, /is over/],
  ['urgent behind an assigned one', {}, { standing: 'assigned' }, false, /nobody else/],
  ['calm behind an assigned one', { urgency: 'low' }, { standing: 'assigned', urgency: 'low' }, true, /same service/],
])('%s', (_, of, to, joins, because) => {
  const verdict = judgeJoin({ ...alert, ...of }, [{ ...group, ...to }], related, now)
  expect(verdict.group !== null).toBe(joins)
  expect(verdict.asked.because).toMatch(because)
})

test('of several pages that fit, the oldest', () => {
  const younger = { ...group, id: 'b', openedAt: ago(1) }
  expect(judgeJoin(alert, [younger, group], related, now).group?.id).toBe('a')
  expect(judgeJoin(alert, [younger, { ...group, worst: 'info' }], related, now).group?.id).toBe('b')
})

const spread = (count: number, change: (index: number) => Partial<PageGroup> = () => ({})): PageGroup[] =>
  Array.from({ length: count }, (_, index) => ({
    ...group,
    ...{ id: `page ${index}`, number: index, services: [`service-${index}`], openedAt: ago(20 - index) },
    ...change(index),
  }))

test('the same rule in many services of the same people is one failure: the eleventh joins the first', () => {
  const mail = { ...alert, service: 'mail' }
  expect(judgeJoin(mail, spread(spreadLimit - 1), related, now).group).toBeNull()
  const verdict = judgeJoin(mail, spread(spreadLimit), related, now)
  expect(verdict).toMatchObject({ group: { id: 'page 0' }, isSpread: true })
  expect(verdict.asked.because).toMatch(/ErrorRateHigh has paged the same people for 10 other services/)
  // What belongs together anyway stays together, and is about its service.
  expect(judgeJoin({ ...alert, service: 'service-3' }, spread(20), related, now)).toMatchObject({
    group: { id: 'page 3' },
    isSpread: false,
  })
})

test('pages made in the same millisecond are joined as one, in whatever order they are read', () => {
  const mail = { ...alert, service: 'mail' }
  const pages = spread(spreadLimit, () => ({ openedAt: ago(2) }))
  for (let turned = 0; turned < pages.length; turned += 1) {
    const read = [...pages.slice(turned), ...pages.slice(0, turned)]
    expect(judgeJoin(mail, read, related, now).group?.id).toBe('page 0')
    expect(
      judgeJoin(
        { ...alert, service: 'cart' },
        read.map((each) => ({ ...each, services: ['cart'] })),
        related,
        now,
      ).group?.id,
    ).toBe('page 0')
  }
})

test.each<[string, Partial<Pageable>, (index: number) => Partial<PageGroup>]>([
  ['by another rule', { rule: 'DiskFills' }, () => ({})],
  ['by no rule', { rule: null }, () => ({ rule: null })],
  ['worse than they were told', {}, () => ({ worst: 'warning' })],
  ['urgent behind calm ones', {}, () => ({ urgency: 'low' })],
  ['for other people', { policy: 'dba' }, () => ({})],
  ['behind pages that nobody looks at any more', {}, () => ({ standing: 'over' })],
  ['of a more important service', { tier: 0 }, () => ({})],
  ['long after the others', {}, () => ({ openedAt: ago(31) })],
  ['with one of them over', {}, (index) => (index === 4 ? { standing: 'over' } : {})],
])('a rule that spread joins nothing %s', (_, of, to) => {
  expect(judgeJoin({ ...alert, service: 'mail', ...of }, spread(spreadLimit, to), related, now).group).toBeNull()
})

const anyStanding = fc.constantFrom<PageGroup['standing']>(
  ...(['escalating', 'acknowledged', 'snoozed', 'assigned', 'over', 'none'] as const),
)
const anyGroup: fc.Arbitrary<PageGroup> = fc
  .record({
    rule: fc.constantFrom('ErrorRateHigh', 'ErrorRateHigh', 'DiskFills', null),
    team: fc.constantFrom('web', 'pay', null),
    services: fc.constantFrom(['checkout'], ['cart'], ['mail', 'cart']),
    policy: fc.constantFrom(null, 'dba'),
    tier: fc.constantFrom(null, ...tiers),
    worst: fc.constantFrom(...alertSeverities),
    urgency: fc.constantFrom('high' as const, 'low' as const),
    standing: anyStanding,
    minutes: fc.integer({ min: 0, max: 60 }),
  })
  .map(({ minutes, ...rest }) => ({
    ...group,
    ...rest,
    openedAt: ago(minutes),
    ...(rest.standing === 'acknowledged' ? acknowledged(minutes) : {}),
    standing: rest.standing,
  }))

const anyGroups = fc.array(anyGroup, { maxLength: 30 })
const anyPolicy = fc.constantFrom(null, 'dba')
const anyTeam = fc.constantFrom('web', 'pay', null)

test('whatever is joined reaches somebody: it goes on by itself, or somebody has just taken it, or nothing is urgent', () => {
  fc.assert(
    fc.property(
      anyGroups,
      anyTeam,
      anyPolicy,
      fc.constantFrom(...alertSeverities),
      (groups, team, policy, severity) => {
        for (const urgency of ['high', 'low'] as const) {
          const verdict = judgeJoin({ ...alert, team, policy, severity, urgency }, groups, related, now)
          expect(verdict.asked.because).not.toBe('')
          const joined = verdict.group
          if (joined === null) continue
          expect(isWorse(severity, joined.worst)).toBe(false)
          expect(joined.policy).toBe(policy)
          if (policy === null) expect(joined.team).toBe(team)
          if (urgency === 'high') expect(joined.urgency).toBe('high')
          expect(
            joined.standing === 'escalating' ||
              (joined.standing === 'acknowledged' && joined.answeredBy !== null) ||
              (joined.standing === 'assigned' && urgency === 'low'),
          ).toBe(true)
        }
      },
    ),
  )
})

test('two teams with one policy share a page exactly where one team with it would', () => {
  fc.assert(
    fc.property(anyGroup, anyTeam, (other, team) => {
      const theirs = { ...alert, policy: 'dba', team }
      const verdict = judgeJoin(theirs, [{ ...other, policy: 'dba' }], related, now)
      const oneTeam = judgeJoin({ ...theirs, team: other.team }, [{ ...other, policy: 'dba' }], related, now)
      expect(verdict.group).toEqual(oneTeam.group)
    }),
  )
})

test('reaching the same people is mutual', () => {
  const anyone = fc.record({ team: anyTeam, policy: anyPolicy })
  fc.assert(
    fc.property(anyone, anyone, (a, b) => {
      expect(reachesSame(a, b)).toBe(reachesSame(b, a))
      if (a.policy === b.policy && a.team === b.team) expect(reachesSame(a, b)).toBe(true)
    }),
  )
})

test('a member that rises leaves when the page did not say as much', () => {
  const calm = { number: 12, worst: 'warning', urgency: 'low' } as const
  expect(judgeRise(calm, { severity: 'critical', urgency: 'high' }).leaves).toBe(true)
  expect(judgeRise(calm, { severity: 'warning', urgency: 'high' }).leaves).toBe(true)
  expect(judgeRise(calm, { severity: 'warning', urgency: 'low' }).leaves).toBe(false)
  expect(judgeRise(group, { severity: 'critical', urgency: 'high' }).leaves).toBe(false)
})

test('the page speaks of the alert it was made for while that fires, then of the worst, then of the oldest', () => {
  const member = (id: string, severity: 'critical' | 'warning', minutes: number) => ({
    id,
    severity,
    openedAt: ago(minutes),
  })
  const [b, c, d] = [member('b', 'warning', 9), member('c', 'critical', 1), member('d', 'critical', 2)]
  expect(speakerOf('a', [b, c, member('a', 'warning', 1)])?.id).toBe('a')
  expect(speakerOf('a', [b, c, d])?.id).toBe('d')
  expect(speakerOf('a', [b])?.id).toBe('b')
  expect(speakerOf('a', [])).toBe(null)
})
