import { expect, test } from 'vitest'
import { instant } from '../../../kernel/instant.ts'
import { readPostmortemPolicy, ruleFor } from './policy.ts'
import { judgeReview, type Reviewer } from './review.ts'

const askedAt = instant(0)
const by = (person: string, decision: Reviewer['decision'], textHash: string | null = 'now'): Reviewer => ({
  person,
  askedAt,
  decision,
  textHash: decision === null ? null : textHash,
})
const facts = { rule: { quorum: 1 }, board: [], owner: 'ana', reviewers: [], openComments: 0, textHash: 'now' }

test.each([
  { name: 'nobody has to', more: { rule: { quorum: 0 } }, ready: true, sentence: 'Nobody has to review it.' },
  { name: 'nobody did', more: {}, ready: false, sentence: '1 of 1 approval missing.' },
  { name: 'one did', more: { reviewers: [by('ben', 'approved')] }, ready: true, sentence: 'Approved by 1 of 1.' },
  {
    name: 'the owner does not count',
    more: { reviewers: [by('ana', 'approved')] },
    ready: false,
    sentence: '1 of 1 approval missing.',
  },
  {
    name: 'an approval of an earlier text',
    more: { reviewers: [by('ben', 'approved', 'then')] },
    ready: false,
    sentence: '1 of 1 approval missing from ben.',
  },
  {
    name: 'a wish for changes',
    more: { reviewers: [by('ben', 'approved'), by('cem', 'changes')] },
    ready: false,
    sentence: 'cem asks for changes.',
  },
  {
    name: 'a wish that was met',
    more: { reviewers: [by('ben', 'approved'), by('cem', 'changes', 'then')] },
    ready: true,
    sentence: 'Approved by 1 of 1.',
  },
  {
    name: 'open comments',
    more: { reviewers: [by('ben', 'approved')], openComments: 2 },
    ready: false,
    sentence: '2 comments are open.',
  },
  {
    name: 'of the board only its members count',
    more: { rule: { quorum: 2 }, board: ['ben', 'cem'], reviewers: [by('dan', 'approved'), by('ben', 'approved')] },
    ready: false,
    sentence: '1 of 2 approvals missing from cem.',
  },
  {
    name: 'a wish stops also what nobody must review',
    more: { rule: { quorum: 0 }, reviewers: [by('ben', 'changes')] },
    ready: false,
    sentence: 'ben asks for changes.',
  },
])('$name: $sentence', ({ more, ready, sentence }) => {
  expect(judgeReview({ ...facts, ...more })).toMatchObject({ ready, sentence })
})

test('the policy over its defaults', () => {
  const policy = readPostmortemPolicy({
    organisation: 'Shop Ltd',
    severities: { SEV1: { dueDays: 3, review: { reviewers: ['ben'] } }, SEV2: { review: { quorum: 2 } } },
    calendars: { teams: { pay: 'pay-de' } },
  })
  expect(ruleFor(policy, 'SEV1')).toEqual({ dueDays: 3, review: { reviewers: ['ben'], team: null, quorum: 1 } })
  expect(ruleFor(policy, 'SEV2').review).toEqual({ reviewers: [], team: null, quorum: 2 })
  expect(ruleFor(policy, 'SEV3')).toEqual({ dueDays: null, review: { reviewers: [], team: null, quorum: 0 } })
  expect(policy).toMatchObject({ publicBySecond: true, calendars: { teams: { pay: 'pay-de' }, everyone: null } })
  expect(readPostmortemPolicy({ publicBySecond: false }).publicBySecond).toBe(false)
})
