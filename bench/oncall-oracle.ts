// Final schedules against a walk over every minute, on as many generated schedules as asked:
//   npx tsx bench/oncall-oracle.ts 20000 [seed]
import fc from 'fast-check'
import { findDifference, generatedSchedule } from '../server/src/modules/oncall/testing/generated-schedules.ts'

const [count = '20000', seed = '1'] = process.argv.slice(2)
const startedAt = Date.now()
let done = 0
const property = fc.property(generatedSchedule, (given) => {
  done += 1
  if (done % 1000 === 0) process.stderr.write(`${done} schedules, ${Math.round((Date.now() - startedAt) / 1000)} s\n`)
  const difference = findDifference(given)
  if (difference !== null) throw new Error(difference)
})
fc.assert(property, { numRuns: Number(count), seed: Number(seed) })
const seconds = Math.round((Date.now() - startedAt) / 1000)
process.stdout.write(
  `${JSON.stringify({ bench: 'oncall-oracle', schedules: Number(count), differences: 0, seconds })}\n`,
)
