import { expect, test } from 'vitest'
import { addPart, type Batch, doneOf, type ProofName, provenRows, readReport } from './report.ts'

const machine = { cpus: 2, memoryMb: 8_192, node: '22.0.0', system: 'linux x64' }
const batch = (proof: ProofName, figures: Batch['figures'], more: Partial<Batch> = {}): Batch => ({
  proof,
  ranAt: '2026-11-21T18:00:00Z',
  version: '0.1.0',
  commit: 'abc',
  machine,
  seconds: 100,
  figures,
  ...more,
})
const whole = { faults: 60, pages: 1_800, missed: 0, messages: 1_500, duplicates: 3, mostCopies: 2, otherKey: 0 }

test('parts are added up, the worst of all stands for most copies', () => {
  const batches = [
    batch('faults', { ...whole, mostCopies: 1 }),
    batch('faults', whole, { ranAt: '2026-11-20T09:00:00Z', version: '0.0.9', seconds: 50 }),
  ]
  expect(doneOf('faults', batches)).toBe(120)
  expect(provenRows({ batches })).toMatchObject([
    {
      proof: 'faults',
      holds: true,
      done: 120,
      goal: 1_000,
      firstRanAt: '2026-11-20T09:00:00Z',
      lastRanAt: '2026-11-21T18:00:00Z',
      versions: ['0.1.0 (abc)', '0.0.9 (abc)'],
      seconds: 150,
      figures: expect.arrayContaining([
        { label: 'pages due', value: '3,600' },
        { label: 'missed', value: '0 (below 0.083 % with 95 % confidence)' },
        { label: 'second copies', value: '6 of 3,000 messages (0.20 %)' },
        { label: 'most copies of one message', value: '2' },
      ]),
    },
  ])
})

test.each<[ProofName, Batch['figures'], boolean]>([
  ['faults', whole, true],
  ['faults', { ...whole, missed: 1 }, false],
  ['faults', { ...whole, mostCopies: 3 }, false],
  ['faults', { ...whole, otherKey: 1 }, false],
  ['faults', { ...whole, duplicates: 15 }, true],
  ['faults', { ...whole, duplicates: 16 }, false],
  ['takeover', { kills: 3, longestMs: 10_000 }, true],
  ['takeover', { kills: 3, longestMs: 10_001 }, false],
  ['restart', { restarts: 3, longestMs: 15_000 }, true],
  ['restart', { restarts: 3, longestMs: 15_001 }, false],
  ['acknowledge', { races: 1_000, late: 0 }, true],
  ['acknowledge', { races: 1_000, late: 1 }, false],
  ['lifeboat', { outages: 2, longestMs: 30_001 }, false],
  ['outage', { minutes: 15, alerts: 150, refused: 0, longestMs: 30_000 }, true],
  ['outage', { minutes: 15, alerts: 150, refused: 1, longestMs: 9_000 }, false],
  ['outage', { minutes: 15, alerts: 150, refused: 0, longestMs: 30_001 }, false],
  ['failover', { promotions: 5, accepted: 900, lost: 0, mostCopies: 2 }, true],
  ['failover', { promotions: 5, accepted: 900, lost: 1, mostCopies: 1 }, false],
  ['simulation', { seeds: 50, days: 1_500, violations: 0 }, true],
  ['simulation', { seeds: 50, days: 1_500, violations: 1 }, false],
  ['plants', { planted: 32, found: 31 }, false],
])('%s with %j holds: %s', (proof, figures, holds) => {
  expect(provenRows({ batches: [batch(proof, figures)] })[0]?.holds).toBe(holds)
})

test('what failed once is not healed by what went well later', () => {
  const batches = [
    batch('faults', { ...whole, missed: 1 }),
    ...Array.from({ length: 20 }, () => batch('faults', whole)),
  ]
  expect(provenRows({ batches })[0]).toMatchObject({ holds: false, done: 1_260 })
})

test('a part that sent 3 % twice is not healed by parts that sent nothing twice', () => {
  const batches = [
    batch('faults', { ...whole, duplicates: 45 }),
    ...Array.from({ length: 20 }, () => batch('faults', { ...whole, duplicates: 0 })),
  ]
  expect(provenRows({ batches })[0]).toMatchObject({ holds: false })
})

test('a part that measured twice took its time once, on its own machine', () => {
  const { figures: _, ...part } = batch('lifeboat', {})
  const first = addPart({ batches: [] }, part, [
    { outages: 1, longestMs: 900 },
    { outages: 1, longestMs: 1_200 },
  ])
  const larger = { ...machine, cpus: 16 }
  const both = addPart(first, { ...part, machine: larger }, [{ outages: 1, longestMs: 800 }])
  expect(provenRows(both)[0]).toMatchObject({
    seconds: 200,
    machines: ['2 processors, 8 GB, linux x64, Node.js 22.0.0', '16 processors, 8 GB, linux x64, Node.js 22.0.0'],
  })
})

test('a promise that was never run has no row', () => {
  expect(provenRows({ batches: [] })).toEqual([])
})

test.each([
  ['text', 'a report'],
  ['nothing', null],
  ['a batch of no machine', { batches: [{ ...batch('faults', {}), machine: undefined }] }],
  ['a batch of a proof nobody knows', { batches: [{ ...batch('faults', {}), proof: 'hope' }] }],
  ['a batch without a time', { batches: [{ ...batch('faults', {}), ranAt: 'yesterday' }] }],
])('%s is no report', (_name, value) => {
  expect(readReport(value)).toBeNull()
})

test('what was written is read', () => {
  const report = { batches: [batch('faults', whole)] }
  expect(readReport(JSON.parse(JSON.stringify(report)))).toEqual(report)
  const earlier = { machine, batches: [{ ...batch('faults', whole), machine: undefined }] }
  expect(readReport(JSON.parse(JSON.stringify(earlier)))).toEqual(report)
})
