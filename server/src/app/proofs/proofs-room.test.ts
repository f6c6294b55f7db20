import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Value } from 'typebox/value'
import { expect, onTestFinished, test } from 'vitest'
import { createLog } from '../../platform/log/log.ts'
import { readReliability } from './proofs.contract.ts'
import { proofsRoom } from './proofs-room.ts'

function fileOf(text: string): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-report-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const file = path.join(folder, 'report.json')
  writeFileSync(file, text)
  return file
}

async function answerOf(file: string | null): Promise<unknown> {
  const [operation] = proofsRoom(createLog('silent'), file).operations ?? []
  return operation?.handle({} as never)
}

const report = {
  machine: { cpus: 2, memoryMb: 8_192, node: '22.0.0', system: 'linux x64' },
  batches: [
    {
      ...{ proof: 'failover', ranAt: '2026-11-21T18:00:00.000Z', version: '0.1.0', commit: 'abc', seconds: 90 },
      figures: { promotions: 5, accepted: 900, lost: 0, mostCopies: 1, longestAwayMs: 4_200 },
    },
  ],
}

test('the report that came with the build is shown as its contract says', async () => {
  const answer = await answerOf(fileOf(JSON.stringify(report)))
  expect(Value.Errors(readReliability.reply, answer)).toEqual([])
  expect(answer).toMatchObject({ report: { proofs: [{ proof: 'failover', holds: true, done: 5, goal: 50 }] } })
})

test.each([
  ['half a report', '{"machine":'],
  ['an empty one', JSON.stringify({ ...report, batches: [] })],
])('%s is said to be none', async (_name, text) => {
  expect(await answerOf(fileOf(text))).toMatchObject({ report: null })
})

test.each(['/nowhere/report.json', null])('no report (%s) is said to be none', async (file) => {
  expect(await answerOf(file)).toMatchObject({ report: null })
})
