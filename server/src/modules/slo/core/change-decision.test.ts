import fc from 'fast-check'
import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { type ChangeException, decideChange, type Hold, isEffective, maySanction } from './change-decision.ts'

const at = instant(1_000)
const freeze: Hold = {
  id: 'h1',
  kind: 'freeze',
  policy: 'shop',
  allows: ['rollback'],
  since: instant(500),
  until: null,
  endedAt: null,
}
const exception: ChangeException = {
  id: 'e1',
  policy: null,
  from: instant(900),
  until: instant(2_000),
  approvedAt: instant(900),
  withdrawnAt: null,
}
const approval: Hold = { ...freeze, id: 'h2', kind: 'approval', policy: 'other' }

test.each([
  { says: 'nothing holds', holds: [], exceptions: [], kind: null, verdict: 'allowed' },
  { says: 'a freeze', holds: [freeze], exceptions: [], kind: null, verdict: 'frozen' },
  { says: 'a freeze, for a rollback', holds: [freeze], exceptions: [], kind: 'rollback', verdict: 'allowed' },
  { says: 'an approval', holds: [approval], exceptions: [], kind: 'deployment', verdict: 'needs-approval' },
  { says: 'both', holds: [approval, freeze], exceptions: [], kind: null, verdict: 'frozen' },
  { says: 'an exception of all', holds: [approval, freeze], exceptions: [exception], kind: null, verdict: 'allowed' },
  {
    says: 'an exception of one policy',
    holds: [approval, freeze],
    exceptions: [{ ...exception, policy: 'shop' }],
    kind: null,
    verdict: 'needs-approval',
  },
  { says: 'over', holds: [{ ...freeze, endedAt: instant(999) }], exceptions: [], kind: null, verdict: 'allowed' },
  { says: 'lasted', holds: [{ ...freeze, until: at }], exceptions: [], kind: null, verdict: 'allowed' },
  { says: 'not yet', holds: [{ ...freeze, since: instant(1_001) }], exceptions: [], kind: null, verdict: 'allowed' },
])('$says: $verdict', ({ holds, exceptions, kind, verdict }) => {
  expect(decideChange(holds, exceptions, { at, kind }).verdict).toBe(verdict)
})

test.each([
  { says: 'approved', more: {}, effective: true },
  { says: 'only asked', more: { approvedAt: null }, effective: false },
  { says: 'expired this moment', more: { until: at }, effective: false },
  { says: 'planned', more: { from: instant(1_001) }, effective: false },
  { says: 'withdrawn', more: { withdrawnAt: instant(950) }, effective: false },
  { says: 'withdrawn later', more: { withdrawnAt: instant(1_500) }, effective: true },
])('an exception that is $says', ({ more, effective }) => {
  expect(isEffective({ ...exception, ...more }, at)).toBe(effective)
})

test.each([
  { role: 'admin', teams: [], enough: true },
  { role: 'editor', teams: ['shop'], enough: true },
  { role: 'editor', teams: ['sre'], enough: true },
  { role: 'editor', teams: ['other'], enough: false },
  { role: 'responder', teams: ['shop'], enough: false },
] as const)('$role of $teams may say so: $enough', ({ role, teams, enough }) => {
  expect(maySanction({ role, teams }, { role: 'editor', teams: ['sre'] }, 'shop')).toBe(enough)
})

test('what is not approved, not begun, expired or withdrawn changes no answer', () => {
  const time = fc.integer({ min: 0, max: 2_000 }).map(instant)
  const one = fc.record({
    id: fc.uuid(),
    policy: fc.constantFrom(null, 'shop', 'other'),
    from: time,
    until: time,
    approvedAt: fc.option(time, { nil: null }),
    withdrawnAt: fc.option(time, { nil: null }),
  })
  fc.assert(
    fc.property(fc.array(one, { maxLength: 8 }), time, (exceptions, when) => {
      const without = exceptions.filter((each) => isEffective(each, when))
      const asked = { at: when, kind: null }
      expect(decideChange([freeze, approval], exceptions, asked)).toEqual(
        decideChange([freeze, approval], without, asked),
      )
    }),
  )
})
