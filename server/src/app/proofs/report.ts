// What was proven: batches as the tools recorded them, added up to one row for each promise. Pure.

import { parseInstant } from '../../kernel/instant.ts'

export const proofNames = [
  'faults',
  'takeover',
  'restart',
  'acknowledge',
  'lifeboat',
  'outage',
  'failover',
  'simulation',
  'plants',
] as const
export type ProofName = (typeof proofNames)[number]

export interface Machine {
  readonly cpus: number
  readonly memoryMb: number
  readonly node: string
  readonly system: string
}

/** What was measured by one run of one proof. Proofs of an hour are run in parts, so that they can be interrupted and go on. */
export interface Batch {
  readonly proof: ProofName
  readonly ranAt: string
  readonly version: string
  /** Of the source that ran, shortened; empty when it was not in a repository. */
  readonly commit: string
  /** Where it ran: parts of one proof may run on several machines. */
  readonly machine: Machine
  /** Of the whole part; its other batches have none. */
  readonly seconds: number
  readonly figures: Readonly<Record<string, number>>
}

export interface ReliabilityReport {
  readonly batches: readonly Batch[]
}

/** Adds what one part measured: a line of figures for each of its runs, of which the part took the time once. */
export function addPart(
  report: ReliabilityReport,
  part: Omit<Batch, 'figures'>,
  measured: readonly Batch['figures'][],
): ReliabilityReport {
  const added = measured.map((figures, index) => ({ ...part, seconds: index === 0 ? part.seconds : 0, figures }))
  return { batches: [...report.batches, ...added] }
}

export interface ProvenRow {
  readonly proof: ProofName
  /** The promise, with its limit. */
  readonly promise: string
  /** Whether every figure is within its limit. */
  readonly holds: boolean
  /** How much of the whole proof was run. */
  readonly done: number
  readonly goal: number
  readonly unit: string
  readonly figures: readonly { readonly label: string; readonly value: string }[]
  readonly firstRanAt: string
  readonly lastRanAt: string
  readonly versions: readonly string[]
  readonly machines: readonly string[]
  readonly seconds: number
  readonly command: string
}

type Totals = (name: string, how?: 'sum' | 'most') => number

interface Proof {
  readonly promise: string
  readonly goal: number
  readonly unit: string
  readonly done: (of: Totals) => number
  readonly holds: (of: Totals) => boolean
  readonly figures: (of: Totals) => readonly (readonly [string, string])[]
}

const count = (value: number) => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',')
const seconds = (ms: number) => `${(ms / 1_000).toFixed(1)} s`
const percent = (part: number, whole: number) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(2)} %`)

/** With nothing found in n tries, the share is below this with 95 % confidence: the rule of three. */
const below = (tries: number) => (tries === 0 ? '–' : `${(300 / tries).toPrecision(2)} %`)

const proofs: Readonly<Record<ProofName, Proof>> = {
  faults: {
    promise:
      'While processes, PostgreSQL, networks and mail servers fail, no page is missed, at most 1 % are sent twice, never more than two copies, all under one key.',
    goal: 1_000,
    unit: 'faults',
    done: (of) => of('faults'),
    holds: (of) =>
      of('missed') === 0 &&
      of('mostCopies', 'most') <= 2 &&
      of('otherKey') === 0 &&
      of('duplicates') <= of('messages') / 100,
    figures: (of) => [
      ['pages due', count(of('pages'))],
      ['missed', `${count(of('missed'))} (below ${below(of('pages'))} with 95 % confidence)`],
      [
        'second copies',
        `${count(of('duplicates'))} of ${count(of('messages'))} messages (${percent(of('duplicates'), of('messages'))})`,
      ],
      ['most copies of one message', count(of('mostCopies', 'most'))],
      ['copies under another key', count(of('otherKey'))],
      ['servers killed or stopped for seconds', count(of('kills') + of('pauses'))],
      ['PostgreSQL restarted, cut off', count(of('restarts') + of('partitions'))],
      ['mail servers that hung, dripped or broke off after accepting', count(of('providers'))],
    ],
  },
  takeover: {
    promise: 'When the process that holds a page is killed, another one gets it out within 10 s.',
    goal: 3,
    unit: 'kills',
    done: (of) => of('kills'),
    holds: (of) => of('longestMs', 'most') <= 10_000,
    figures: (of) => [['longest until the page was out', seconds(of('longestMs', 'most'))]],
  },
  restart: {
    promise: 'When all processes are killed and started again, pages that were on their way leave within 15 s.',
    goal: 3,
    unit: 'restarts',
    done: (of) => of('restarts'),
    holds: (of) => of('longestMs', 'most') <= 15_000,
    figures: (of) => [['longest until the last page was out', seconds(of('longestMs', 'most'))]],
  },
  acknowledge: {
    promise: 'No page starts more than 1 s after somebody was told that the alert is acknowledged.',
    goal: 10_000,
    unit: 'acknowledgements',
    done: (of) => of('races'),
    holds: (of) => of('late') === 0,
    figures: (of) => [
      ['sends that started later', `${count(of('late'))} (below ${below(of('races'))} with 95 % confidence)`],
      ['acknowledged before the first page left', count(of('unsent'))],
      ['latest start after an acknowledgement', seconds(of('latestMs', 'most'))],
    ],
  },
  lifeboat: {
    promise: 'While PostgreSQL is away, every alert is taken and the first page leaves within 30 s.',
    goal: 2,
    unit: 'outages',
    done: (of) => of('outages'),
    holds: (of) => of('longestMs', 'most') <= 30_000,
    figures: (of) => [['longest until a first page left', seconds(of('longestMs', 'most'))]],
  },
  outage: {
    promise:
      'While PostgreSQL is away for a quarter of an hour, every alert is taken, its first page leaves within 30 s, and nothing is lost.',
    goal: 15,
    unit: 'minutes',
    done: (of) => of('minutes'),
    holds: (of) => of('refused') === 0 && of('longestMs', 'most') <= 30_000,
    figures: (of) => [
      ['alerts taken', count(of('alerts'))],
      ['refused', count(of('refused'))],
      ['longest until the first page of one left', seconds(of('longestMs', 'most'))],
    ],
  },
  failover: {
    promise: 'When a synchronous standby is promoted, nothing that was answered for is lost.',
    goal: 50,
    unit: 'promotions',
    done: (of) => of('promotions'),
    holds: (of) => of('lost') === 0 && of('mostCopies', 'most') <= 2,
    figures: (of) => [
      ['alerts answered for', count(of('accepted'))],
      ['lost', count(of('lost'))],
      ['most copies of one message', count(of('mostCopies', 'most'))],
      ['longest until every server worked again', seconds(of('longestAwayMs', 'most'))],
    ],
  },
  simulation: {
    promise: 'Over months of virtual time with everything broken that can break, none of nine promises is broken.',
    goal: 2_000,
    unit: 'seeds',
    done: (of) => of('seeds'),
    holds: (of) => of('violations') === 0,
    figures: (of) => [
      ['virtual time', `${(of('days') / 365.25).toFixed(1)} years`],
      ['promises broken', count(of('violations'))],
      ['pages', count(of('pages'))],
      ['messages', count(of('sent'))],
    ],
  },
  plants: {
    promise: 'A bug planted in the decisions is found by the simulation within 500 seeds.',
    goal: 25,
    unit: 'planted bugs',
    done: (of) => of('planted', 'most'),
    holds: (of) => of('found', 'most') === of('planted', 'most'),
    figures: (of) => [
      ['found', `${count(of('found', 'most'))} of ${count(of('planted', 'most'))}`],
      ['most seeds one needed', count(of('mostSeeds', 'most'))],
    ],
  },
}

export function commandOf(proof: ProofName): string {
  return `npx tsx tools/prove.ts ${proof}`
}

export function goalOf(proof: ProofName): number {
  return proofs[proof].goal
}

export function doneOf(proof: ProofName, batches: readonly Batch[]): number {
  return proofs[proof].done(totalsOf(batches.filter((batch) => batch.proof === proof)))
}

export function provenRows(report: ReliabilityReport): readonly ProvenRow[] {
  return proofNames.flatMap((name) => {
    const batches = report.batches.filter((batch) => batch.proof === name)
    if (batches.length === 0) return []
    const proof = proofs[name]
    const of = totalsOf(batches)
    const times = batches.map(({ ranAt }) => ranAt).sort()
    return [
      {
        proof: name,
        promise: proof.promise,
        // Each by itself: a part that broke the promise is not healed by those after it.
        holds: batches.every((batch) => proof.holds(totalsOf([batch]))),
        done: proof.done(of),
        goal: proof.goal,
        unit: proof.unit,
        figures: proof.figures(of).map(([label, value]) => ({ label, value })),
        firstRanAt: times[0] ?? '',
        lastRanAt: times.at(-1) ?? '',
        versions: [
          ...new Set(batches.map(({ version, commit }) => (commit === '' ? version : `${version} (${commit})`))),
        ],
        machines: [...new Set(batches.map(({ machine }) => machineText(machine)))],
        seconds: Math.round(batches.reduce((sum, batch) => sum + batch.seconds, 0)),
        command: commandOf(name),
      },
    ]
  })
}

const machineText = ({ cpus, memoryMb, node, system }: Machine): string =>
  `${cpus} processors, ${Math.round(memoryMb / 1_024)} GB, ${system}, Node.js ${node}`

function totalsOf(batches: readonly Batch[]): Totals {
  return (name, how = 'sum') => {
    const values = batches.map(({ figures }) => figures[name] ?? 0)
    return how === 'sum' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values)
  }
}

/** Null when it is not one: a report that cannot be read is no proof. */
export function readReport(value: unknown): ReliabilityReport | null {
  if (!isRecord(value) || !Array.isArray(value.batches)) return null
  // Earlier reports name one machine for all.
  const one = readMachine(value.machine)
  const batches = value.batches.map((batch) => readBatch(batch, one))
  const whole = batches.filter((batch) => batch !== null)
  return whole.length === batches.length ? { batches: whole } : null
}

function readMachine(value: unknown): Machine | null {
  if (!isRecord(value)) return null
  const { cpus, memoryMb, node, system } = value
  if (typeof cpus !== 'number' || typeof memoryMb !== 'number') return null
  if (typeof node !== 'string' || typeof system !== 'string') return null
  return { cpus, memoryMb, node, system }
}

function readBatch(value: unknown, ofAll: Machine | null): Batch | null {
  if (!isRecord(value)) return null
  const machine = readMachine(value.machine) ?? ofAll
  if (machine === null) return null
  const { proof, ranAt, version, commit, seconds: took, figures } = value
  const name = proofNames.find((each) => each === proof)
  if (name === undefined || typeof ranAt !== 'string' || parseInstant(ranAt) === null) return null
  if (typeof version !== 'string' || typeof commit !== 'string' || typeof took !== 'number' || !isRecord(figures))
    return null
  const numbers = Object.entries(figures).filter((entry): entry is [string, number] => typeof entry[1] === 'number')
  return { proof: name, ranAt, version, commit, machine, seconds: took, figures: Object.fromEntries(numbers) }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
