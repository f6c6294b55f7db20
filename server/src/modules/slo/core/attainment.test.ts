import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatInstant, instant } from '../../../kernel/instant.ts'
import { rational } from '../../../kernel/rational.ts'
import { groupRows, judgeAttainment, periodKinds, resolvePeriod } from './attainment.ts'
import { csvCell, writeCsv } from './csv.ts'
import type { WindowSum } from './window.ts'

const at = instant(Date.parse('2026-11-21T14:00:00Z'))
const order = { kind: 'month', timeZone: 'Europe/Vienna', at, ago: 0, days: 30 } as const

test.each([
  { says: 'this month', more: {}, start: '2026-10-31T23:00:00.000Z', end: '2026-11-30T23:00:00.000Z' },
  {
    says: 'last month, an hour longer',
    more: { ago: 1 },
    start: '2026-09-30T22:00:00.000Z',
    end: '2026-10-31T23:00:00.000Z',
  },
  {
    says: 'the quarter',
    more: { kind: 'quarter' },
    start: '2026-09-30T22:00:00.000Z',
    end: '2026-12-31T23:00:00.000Z',
  },
  {
    says: 'the week, from Monday',
    more: { kind: 'week' },
    start: '2026-11-15T23:00:00.000Z',
    end: '2026-11-22T23:00:00.000Z',
  },
  {
    says: 'seven days back',
    more: { kind: 'trailing', days: 7 },
    start: '2026-11-14T14:00:00.000Z',
    end: '2026-11-21T14:00:00.000Z',
  },
  {
    says: 'the seven before',
    more: { kind: 'trailing', days: 7, ago: 1 },
    start: '2026-11-07T14:00:00.000Z',
    end: '2026-11-14T14:00:00.000Z',
  },
] as const)('$says', ({ more, start, end }) => {
  const period = resolvePeriod({ ...order, ...more })
  expect([formatInstant(period.start), formatInstant(period.end)]).toEqual([start, end])
})

test('periods follow each other without a gap', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Vienna', 'America/New_York', 'Asia/Kathmandu', 'Pacific/Auckland')
  fc.assert(
    fc.property(fc.constantFrom(...periodKinds), zones, fc.integer({ min: 0, max: 8 }), (kind, timeZone, ago) => {
      const newer = resolvePeriod({ ...order, kind, timeZone, ago })
      const older = resolvePeriod({ ...order, kind, timeZone, ago: ago + 1 })
      expect(older.end).toBe(newer.start)
      expect(older.start).toBeLessThan(older.end)
    }),
    { numRuns: 60 },
  )
})

const sum = (more: Partial<WindowSum>): WindowSum => ({
  lengthMs: 1,
  end: at,
  spent: 0,
  total: 1_000,
  good: 1_000,
  bad: 0,
  measured: 100,
  expected: 100,
  unborn: 0,
  ...more,
})

test.each([
  { says: 'all good', more: {}, verdict: 'met' },
  { says: 'exactly the budget', more: { spent: 10 }, verdict: 'met' },
  { says: 'one more', more: { spent: 11 }, verdict: 'missed' },
  { says: 'good in a tenth of the time', more: { measured: 10 }, verdict: 'unknown' },
  { says: 'bad in a tenth of the time', more: { measured: 10, spent: 11 }, verdict: 'missed' },
  { says: 'nothing happened', more: { total: 0 }, verdict: 'unknown' },
  { says: 'nothing measured', more: { total: 0, measured: 0 }, verdict: 'unknown' },
] as const)('$says: $verdict', ({ more, verdict }) => {
  expect(judgeAttainment(rational(99, 100), sum(more), 1).verdict).toBe(verdict)
})

test('groups add up, and pages of a service count once in each', () => {
  const row = (service: string, team: string | null, verdict: 'met' | 'missed' | 'unknown') => ({
    ...{ service, team, verdict, tier: 1 },
    badMinutes: 2,
    unknownMinutes: 1,
  })
  const rows = [row('a', 'x', 'met'), row('a', 'x', 'missed'), row('b', 'x', 'unknown'), row('c', null, 'met')]
  expect(
    groupRows(
      rows,
      (each) => each.team,
      new Map([
        ['a', 3],
        ['c', 1],
      ]),
    ),
  ).toEqual([
    { key: 'x', objectives: 3, met: 1, missed: 1, unknown: 1, badMinutes: 6, unknownMinutes: 3, pages: 3 },
    { key: '', objectives: 1, met: 1, missed: 0, unknown: 0, badMinutes: 2, unknownMinutes: 1, pages: 1 },
  ])
})

test.each([
  ['plain', 'plain'],
  ['a,b', '"a,b"'],
  ['say "no"', '"say ""no"""'],
  ['=1+1', "'=1+1"],
  ['@cmd, x', '"\'@cmd, x"'],
  ['-2', "'-2"],
  ['\t=x', "'\t=x"],
  [-2.5, '-2.5'],
  [null, ''],
])('%j is written as %s', (value, written) => {
  expect(csvCell(value)).toBe(written)
})

test('no cell of text ever begins a formula, and rows keep their shape', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 12 }), { minLength: 1, maxLength: 5 }), (cells) => {
      const line = writeCsv([cells])
      const read = readLine(line)
      expect(read).toHaveLength(cells.length)
      for (const [index, cell] of read.entries()) {
        expect(cell).not.toMatch(/^[=+\-@\t\r\n]/)
        expect(cell.replace(/^'(?=[=+\-@\t\r\n])/, '')).toBe(
          cells[index]?.startsWith("'") ? cell.replace(/^'(?=[=+\-@\t\r\n])/, '') : cells[index],
        )
      }
    }),
  )
})

/** One record, as RFC 4180 reads it. */
function readLine(text: string): readonly string[] {
  const cells = ['']
  let quoted = false
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] ?? ''
    const last = cells.length - 1
    if (quoted && char === '"' && text[at + 1] === '"') {
      cells[last] += '"'
      at += 1
    } else if (char === '"') quoted = !quoted
    else if (!quoted && char === ',') cells.push('')
    else if (!quoted && char === '\r' && text[at + 1] === '\n') break
    else cells[last] += char
  }
  return cells
}
