import { expect, test } from 'vitest'
import { spentBudgets } from './spent-budgets.ts'

const spent = (service: string, name: string, since: string | null = '2026-01-01T00:00:00Z') => ({
  name,
  displayName: name.toUpperCase(),
  service,
  since,
  sentence: `Overspent ${name}.`,
})

test('one line for each service, the worst first, with what it spent longest ago', () => {
  const lines = spentBudgets([
    spent('web', 'a', '2026-01-01T02:00:00Z'),
    spent('pay', 'b'),
    spent('web', 'c', '2026-01-01T01:00:00Z'),
    spent('web', 'd', null),
  ])
  expect(lines).toMatchObject([
    {
      id: 'a',
      title: 'web: 3 error budgets are spent',
      sentence: 'A, C and 1 more. Overspent a.',
      since: '2026-01-01T01:00:00Z',
      href: '/services/web',
    },
    { id: 'b', title: 'B: the error budget is spent', sentence: 'Overspent b.', href: '/objectives/b' },
  ])
  expect(spentBudgets([spent('web', 'a'), spent('web', 'c')])[0]?.sentence).toBe('A and C. Overspent a.')
})

test('a thousand spent budgets are ten lines; none is none', () => {
  expect(spentBudgets(Array.from({ length: 1_000 }, (_, at) => spent(`s${at % 40}`, `o${at}`)))).toHaveLength(10)
  expect(spentBudgets([])).toEqual([])
})
