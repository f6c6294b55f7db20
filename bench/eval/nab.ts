// Anomalies on the Numenta Anomaly Benchmark: reads a folder with windows.json (only its list of files is used) and
// data/, folds the very detector the product runs over each file, one pass and one configuration for all of them, and
// prints {files: {file: {scores: [one for each row]}}}. A score of 0.5 is the detector's own threshold.
// npx tsx bench/eval/nab.ts FOLDER [eager|hint] > predictions.json
import { readFileSync } from 'node:fs'
import path from 'node:path'
import {
  type AnomalyConfig,
  observe,
  rulesFor,
  unknownState,
  wallHourIn,
} from '../../server/src/modules/telemetry/core/anomaly/index.ts'

const [folder, sensitivity = 'eager'] = process.argv.slice(2)
if (folder === undefined || (sensitivity !== 'eager' && sensitivity !== 'hint'))
  throw new Error('Name the folder: npx tsx bench/eval/nab.ts FOLDER [eager|hint]')

// The benchmark does not say what its numbers count, so no unit's noise is known: only what rounding would leave.
const config: AnomalyConfig = {
  rules: rulesFor[sensitivity],
  wallHour: wallHourIn('UTC'),
  noise: (usual) => 1e-9 + 1e-4 * Math.abs(usual),
  side: 'both',
}

const windows = JSON.parse(readFileSync(path.join(folder, 'windows.json'), 'utf8')) as Record<string, unknown>
const files: Record<string, { scores: number[] }> = {}
for (const file of Object.keys(windows)) {
  let state = unknownState
  const scores: number[] = []
  for (const { at, value } of rowsOf(readFileSync(path.join(folder, 'data', file), 'utf8'))) {
    const observed = observe(config, state, { at, value })
    state = observed.state
    scores.push(Number(observed.score.toFixed(6)))
  }
  files[file] = { scores }
}
process.stdout.write(JSON.stringify({ files }))

function rowsOf(text: string): readonly { at: number; value: number }[] {
  const [, ...lines] = text.trimEnd().split(/\r?\n/)
  return lines.map((line) => {
    const [time = '', value = ''] = line.split(',')
    return { at: Date.parse(`${time.trim().replace(' ', 'T')}Z`), value: Number(value) }
  })
}
