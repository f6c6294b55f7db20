// Probable causes on recorded failures: reads a folder with cases.json (metrics and call graphs as files beside it), asks
// the very functions the product ranks with, and prints predictions: {cases: {id: [service, …]}}; [] is "no cause found".
// npx tsx bench/eval/rca.ts FOLDER > predictions.json
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { rankMeasured } from '../../server/src/modules/incidents/core/measured-causes.ts'
import { measuredEvidence } from '../../server/src/modules/incidents/core/measured-words.ts'
import { readNezha } from './nezha.ts'
import { readPetshop } from './petshop.ts'
import type { RecordedCase } from './recorded-rows.ts'

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name the folder: npx tsx bench/eval/rca.ts FOLDER')
const { cases } = JSON.parse(readFileSync(path.join(folder, 'cases.json'), 'utf8')) as { cases: { id: string }[] }
const recorded: Iterable<RecordedCase> = 'fault_start' in (cases[0] ?? {}) ? readNezha(folder) : readPetshop(folder)
const predictions: Record<string, readonly { node: string; score: number; because: readonly string[] }[]> = {}
for (const { id, question } of recorded)
  predictions[id] = rankMeasured(question).map((each) => ({
    node: each.service,
    score: each.score,
    because: measuredEvidence(each),
  }))
process.stdout.write(JSON.stringify({ cases: predictions }))
