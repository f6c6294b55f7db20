// `npx tsx tools/prove.ts faults` goes on with a proof where it was left and adds what it measured to the report that the
// product shows. `--size 20` makes a part of faults, failover or simulation smaller or larger, `--parts 3` stops after three
// of them, `--status` only shows how far each proof is, `--afresh` begins anew.
import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir, totalmem } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { buildSync } from 'esbuild'
import {
  addPart,
  doneOf,
  goalOf,
  type Machine,
  type ProofName,
  proofNames,
  provenRows,
  type ReliabilityReport,
  readReport,
} from '../server/src/app/proofs/report.ts'

const root = path.resolve(import.meta.dirname, '..')
const reportFile = path.join(root, 'docs/reference/reliability-report.json')

interface Part {
  /** How much of the goal one part is. */
  readonly size: number
  /** Its size is what it is. */
  readonly fixed?: true
  readonly command: (done: number, size: number) => readonly string[]
  readonly environment?: (done: number, size: number) => Readonly<Record<string, string>>
}

const program = path.join(root, 'node_modules/vitest/vitest.mjs')
const vitest = (file: string) => [program, 'run', '--project', 'chaos', file]
/** As one file and with room for what is young: half of the processor time of `npm run simulate`, and the same digests. */
const simulate = (...words: string[]) => [
  '--max-semi-space-size=64',
  bundled('server/test/simulation/main.ts'),
  ...words,
]

// A part lasts minutes: whoever stops the command loses no more than one.
const parts: Readonly<Record<ProofName, Part>> = {
  faults: {
    size: 60,
    command: () => vitest('server/test/chaos/faults.chaos.test.ts'),
    environment: (done, size) => ({ MAINSTAY_PROOF_SEED: String(done + 1), MAINSTAY_PROOF_FAULTS: String(size) }),
  },
  takeover: { size: 3, fixed: true, command: () => vitest('server/test/chaos/takeover.chaos.test.ts') },
  restart: {
    size: 3,
    fixed: true,
    command: () => [...vitest('server/test/chaos/takeover.chaos.test.ts'), '-t', 'all are killed'],
  },
  acknowledge: {
    size: 1_000,
    fixed: true,
    command: () => vitest('server/test/chaos/acknowledge.chaos.test.ts'),
    environment: (done) => ({ MAINSTAY_PROOF_SEED: String(done + 1) }),
  },
  lifeboat: { size: 2, fixed: true, command: () => vitest('server/test/chaos/lifeboat.chaos.test.ts') },
  outage: {
    size: 15,
    fixed: true,
    command: () => [...vitest('server/test/chaos/lifeboat.chaos.test.ts'), '-t', 'stopped and held down'],
    environment: (_done, size) => ({ MAINSTAY_PROOF_OUTAGE_MINUTES: String(size) }),
  },
  failover: {
    size: 10,
    command: () => vitest('server/test/failover/promotion.chaos.test.ts'),
    environment: (_done, size) => ({ MAINSTAY_PROOF_PROMOTIONS: String(size) }),
  },
  simulation: {
    size: 50,
    command: (done, size) => simulate('--from', String(done + 1), '--seeds', String(size), '--days', '30'),
  },
  plants: { size: 25, fixed: true, command: () => simulate('--plants', '--seeds', '500') },
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    parts: { type: 'string', default: '1000' },
    size: { type: 'string' },
    status: { type: 'boolean', default: false },
    afresh: { type: 'boolean', default: false },
  },
})
const say = (sentence: string) => process.stdout.write(`${sentence}\n`)

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`)
  process.exit(2)
}

function whole(name: string, text: string): number {
  const number = Number(text)
  return Number.isInteger(number) && number > 0 ? number : fail(`--${name} takes a whole number, not "${text}".`)
}

const asked = positionals.map(
  (word) =>
    proofNames.find((name) => name === word) ?? fail(`There is no proof "${word}". Known: ${proofNames.join(', ')}.`),
)
if (asked.length === 0 && !values.status) fail(`Name a proof: ${proofNames.join(', ')}. Or --status.`)

const fixed = values.size === undefined ? undefined : asked.find((name) => parts[name].fixed)
if (fixed !== undefined) fail(`A part of ${fixed} has one size: run it without --size.`)

let report = readOrBegin()
for (const proof of asked) {
  if (values.afresh) keep({ batches: report.batches.filter((batch) => batch.proof !== proof) })
  for (let part = 0; part < whole('parts', values.parts) && doneOf(proof, report.batches) < goalOf(proof); part += 1)
    if (!(await runPart(proof))) process.exitCode = 1
}
for (const row of provenRows(report)) {
  say(
    `${row.proof}: ${row.done} of ${row.goal} ${row.unit}, ${row.holds ? 'holds' : 'DOES NOT HOLD'} (${row.seconds} s)`,
  )
  for (const { label, value } of row.figures) say(`    ${label}: ${value}`)
}

async function runPart(proof: ProofName): Promise<boolean> {
  const done = doneOf(proof, report.batches)
  const part = parts[proof]
  const size = values.size === undefined ? part.size : whole('size', values.size)
  say(`\n── ${proof}: ${done} of ${goalOf(proof)} done ──`)
  const folder = mkdtempSync(path.join(tmpdir(), 'mainstay-proof-'))
  const results = path.join(folder, 'results.jsonl')
  const since = performance.now()
  const child = spawn(process.execPath, [...part.command(done, size)], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MAINSTAY_PROOF_RESULTS: results, ...part.environment?.(done, size) },
  })
  const code = await new Promise<number>((resolve) => child.once('exit', (ended) => resolve(ended ?? 1)))
  const lines = existsSync(results) ? readFileSync(results, 'utf8').trim().split('\n') : []
  rmSync(folder, { recursive: true, force: true })
  // What was measured counts also when it was too much: a report that only keeps what went well proves nothing.
  const measured = lines
    .map((line): unknown => JSON.parse(line))
    .flatMap((line) => (isMeasured(line) && line.proof === proof ? [line.figures] : []))
  if (measured.length === 0) {
    say(`${proof} measured nothing and ended with ${code}.`)
    process.exit(1)
  }
  const about = {
    proof,
    ranAt: new Date().toISOString(),
    ...build(),
    machine: machine(),
    seconds: Math.round((performance.now() - since) / 1_000),
  }
  keep(addPart(report, about, measured))
  return code === 0
}

function bundled(entry: string): string {
  const outfile = path.join(root, 'node_modules/.cache/mainstay', `${path.basename(path.dirname(entry))}.mjs`)
  buildSync({
    entryPoints: [path.join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
  })
  return outfile
}

function isMeasured(line: unknown): line is { proof: string; figures: Record<string, number> } {
  return typeof line === 'object' && line !== null && 'proof' in line && 'figures' in line
}

function keep(next: ReliabilityReport): void {
  report = next
  writeFileSync(`${reportFile}.new`, `${JSON.stringify(next, null, 2)}\n`)
  renameSync(`${reportFile}.new`, reportFile)
}

function readOrBegin(): ReliabilityReport {
  if (!existsSync(reportFile)) return { batches: [] }
  return readReport(JSON.parse(readFileSync(reportFile, 'utf8'))) ?? fail(`${reportFile} is no report.`)
}

function build(): { version: string; commit: string } {
  const about: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
  const version = typeof about === 'object' && about !== null && 'version' in about ? String(about.version) : 'unknown'
  try {
    const commit = execFileSync('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
    return { version, commit }
  } catch {
    return { version, commit: '' }
  }
}

function machine(): Machine {
  return {
    cpus: cpus().length,
    memoryMb: Math.round(totalmem() / 1_048_576),
    node: process.versions.node,
    system: `${process.platform} ${process.arch}`,
  }
}
