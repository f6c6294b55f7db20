// `npm test`: sets everything up, checks, builds, and runs every test there is. The last line counts them.
// `npm test -- unit server` runs only these projects.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { demandNode } from './ready/node-version.mjs'

demandNode()
const { installDependencies } = await import('./ready/dependencies.mjs')
const { buildWhenStale, dist } = await import('./ready/built.mjs')
const { root, run } = await import('./ready/run-command.mjs')
const { addCounts, closingLine, isGreen } = await import('./test/closing-line.mjs')
const { installMissing, locate, outsidePrograms } = await import('./test/outside-programs.mjs')
const { kB, limitBytes, measureConsole, tooHeavy } = await import('./test/bundle-size.mjs')

const say = (sentence) => process.stdout.write(`${sentence}\n`)
const title = (text) => say(`\n── ${text} ──`)
const ci = process.env.CI === 'true' || process.env.CI === '1'
let total = { passed: 0, failed: 0, skipped: 0 }
const summary = []

/** Steps that are no tests of their own count as one failure when they fail: a red check is never «0 failed». */
function stepFailed(sentence) {
  total = addCounts(total, { passed: 0, failed: 1, skipped: 0 })
  summary.push(`FAILED  ${sentence}`)
  say(`FAILED: ${sentence}`)
}

async function lookForPrograms() {
  await installMissing(say)
  const env = { ...process.env }
  for (const each of outsidePrograms) {
    const found = locate(each)
    if (found !== null) env[each.setting] = found
    else if (ci) stepFailed(`${each.package} is missing, and CI must run ${each.tests}`)
    else summary.push(`skipped ${each.tests}: ${each.package} is not installed (set ${each.setting} to its path)`)
  }
  return env
}

function checkSizes() {
  const sizes = measureConsole(path.join(dist, 'web'))
  for (const sentence of tooHeavy(sizes)) stepFailed(sentence)
  const largest = sizes[0]
  if (largest !== undefined)
    say(
      `${sizes.length} routes, the largest is ${largest.route} with ${kB(largest.bytes)} of script (limit ${kB(limitBytes)})`,
    )
}

async function runProject(project, env, folder) {
  title(project)
  const file = path.join(folder, `${project}.json`)
  const vitest = path.join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${path.join(root, 'tools/test/count-reporter.mjs')}`]
  const { code, seconds } = await run(process.execPath, [vitest, 'run', '--project', project, ...reporters], {
    env: { ...env, MAINSTAY_TEST_COUNTS: file },
    show: true,
  })
  const counts = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { passed: 0, failed: 0, skipped: 0 }
  total = addCounts(total, counts)
  summary.push(`${project.padEnd(10)} ${closingLine(counts)} (${seconds.toFixed(0)} s)`)
  for (const name of counts.skippedNames ?? []) summary.push(`           skipped: ${name}`)
  // Named here again: of a long run often only the end is kept.
  for (const { name, why } of counts.failures ?? [])
    summary.push(`           FAILED: ${name}`, ...why.split('\n').map((line) => `             ${line}`))
  if (counts.passed + counts.failed === 0) stepFailed(`${project} ran no test`)
  else if (code !== 0 && counts.failed === 0) stepFailed(`${project} ended with ${code} although no test failed`)
}

const known = ['unit', 'simulation', 'server', 'chaos', 'walk']
const asked = process.argv.slice(2)
const unknown = asked.find((each) => !known.includes(each))
if (unknown !== undefined) {
  process.stderr.write(`There is no project ${unknown}. Known: ${known.join(', ')}.\n`)
  process.exit(2)
}

await installDependencies(say)
const env = await lookForPrograms()

title('check')
const check = await run(process.execPath, [path.join(root, 'tools/run-check.mjs')], { show: true })
if (check.code !== 0) stepFailed('npm run check')

title('build')
const built = await buildWhenStale(say)
if (built) checkSizes()
else stepFailed('npm run build')

const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-tests-'))
for (const project of known) {
  if (asked.length > 0 && !asked.includes(project)) continue
  if (!built && (project === 'chaos' || project === 'walk'))
    summary.push(`${project.padEnd(10)} not run: nothing is built`)
  // Without a browser there is no walk; CI has counted that as a failure above.
  else if (project === 'walk' && env.MAINSTAY_CHROMIUM === undefined) continue
  else await runProject(project, env, folder)
}
rmSync(folder, { recursive: true, force: true })

title('summary')
for (const line of summary) say(line)
process.exitCode = isGreen(total) ? 0 : 1
say(closingLine(total))
