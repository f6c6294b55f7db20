import { expect, test } from 'vitest'
import { dueReviews } from './due-reviews.ts'

const due = (owner: string | null, objective: string, review: 'due' | 'overdue' = 'due') => ({
  subject: 'objective' as 'objective' | 'journey',
  objective,
  displayName: objective.toUpperCase(),
  service: 'shop',
  team: null,
  owner: owner === null ? null : { kind: 'team' as const, name: owner },
  review,
  expiry: 'none' as const,
  sentence: `Its review is ${review}.`,
})

test('one line for each owner, soonest first, a warning once something is late', () => {
  expect(
    dueReviews([due('web', 'a', 'overdue'), due('pay', 'b'), due('web', 'c'), due('web', 'd'), due(null, 'e')]),
  ).toMatchObject([
    {
      title: '3 objectives are to be looked at',
      sentence: 'A, C and 1 more. Its review is overdue. Asked of web.',
      severity: 'warning',
      href: '/objective-reviews',
    },
    {
      title: 'B is to be looked at',
      sentence: 'Its review is due. Asked of pay.',
      severity: 'info',
      href: '/objectives/b',
    },
    { title: 'E is to be looked at', sentence: 'Its review is due. Nobody is asked.' },
  ])
})

test('keys of lines differ, a thousand owners are ten lines, and none is none', () => {
  const lines = dueReviews(Array.from({ length: 1_000 }, (_, at) => due(`t${at}`, `o${at}`)))
  expect(lines).toHaveLength(10)
  expect(new Set(lines.map((each) => each.id)).size).toBe(10)
  expect(dueReviews([])).toEqual([])
})

test('a journey is linked as one, and counted as a promise', () => {
  const journey = { ...due('web', 'buy'), subject: 'journey' as const, service: null }
  expect(dueReviews([journey])).toMatchObject([{ href: '/journeys/buy', service: null }])
  expect(dueReviews([journey, due('web', 'a')])).toMatchObject([{ title: '2 promises are to be looked at' }])
})
