// What a verification says, each finding in a sentence an auditor can quote.
import { unreachable } from '../../../kernel/app-error.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { Difference } from './differences.ts'

export type FindingKind =
  | Difference['kind']
  | 'index-altered'
  | 'rewritten'
  | 'bad-signature'
  | 'unreadable-checkpoint'
  | 'wrong-origin'
  | 'split-view'
  | 'erased-unrecorded'

export interface Finding {
  readonly kind: FindingKind
  /** Place in the journal, counted from 0; null when the finding is about a checkpoint as such. */
  readonly at: number | null
  /** When only a range can be named: places [at, until). */
  readonly until: number | null
  readonly sentence: string
}

export interface VerificationCounts {
  readonly entries: number
  readonly erased: number
  /** Checkpoints with a good signature of a known key. */
  readonly checkpoints: number
  /** Entries the newest checkpoint covers. */
  readonly sealed: number
  /** Entries after it: they match the leaf index, and nobody has signed for them yet. */
  readonly unsealed: number
}

/** Entries lost when the journal was restored from a backup, as the restore itself recorded. */
export interface RestoreGap {
  readonly formerOrigin: string
  readonly keptSize: number
  readonly lostUpTo: number
}

export type Verdict =
  | { readonly ok: true; readonly counts: VerificationCounts; readonly gaps: readonly RestoreGap[] }
  | {
      readonly ok: false
      readonly counts: VerificationCounts
      readonly gaps: readonly RestoreGap[]
      /** The first place where the journal is not what was recorded; null when only checkpoints are at fault. */
      readonly firstBad: number | null
      readonly findings: readonly Finding[]
    }

const point = (kind: FindingKind, at: number | null, sentence: string): Finding => ({ kind, at, until: null, sentence })
const range = (kind: FindingKind, at: number, until: number, sentence: string): Finding => ({
  kind,
  at,
  until,
  sentence,
})

export const sentences = {
  difference(difference: Difference): Finding {
    const { kind, at } = difference
    switch (kind) {
      case 'edited':
        return point(
          kind,
          at,
          `Entry ${at} is not what was recorded: its content no longer has the hash in the leaf index.`,
        )
      case 'deleted':
        return point(kind, at, `Entry ${at} is missing: the leaf index holds its hash.`)
      case 'inserted':
        return point(kind, at, `The entry at place ${at} was never recorded: no leaf has its hash.`)
      case 'repeated':
        return point(kind, at, `The entry at place ${at} is a copy of one that stands elsewhere.`)
      case 'reordered':
        return point(
          kind,
          at,
          `Entry ${difference.from} does not stand in its place; the order differs from place ${at} on.`,
        )
      case 'truncated':
        return range(
          kind,
          at,
          at + difference.missing,
          `The last ${difference.missing} entries are missing, from ${at} on.`,
        )
      default:
        return unreachable(kind)
    }
  },
  // A cut and a deletion with renumbering leave the same trace once index and entries are both shorter.
  tailCut: (agreed: number, size: number, signed: number): Finding =>
    range(
      'truncated',
      agreed,
      signed,
      `A signed checkpoint covers ${signed} entries, the journal holds ${size}: entries are missing, none of them before place ${agreed}.`,
    ),
  rewritten: (lastGood: number, checkpoint: Checkpoint): Finding =>
    range(
      'rewritten',
      lastGood,
      checkpoint.size,
      `Entries and leaf index were both changed somewhere from ${lastGood} on: the root differs from the checkpoint signed at ${checkpoint.size}.`,
    ),
  indexAltered: (at: number): Finding =>
    point(
      'index-altered',
      at,
      `The leaf index was changed at place ${at}; the entries agree with every signed checkpoint.`,
    ),
  badSignature: (number: number, checkpoint: Checkpoint, because: 'no-known-key' | 'bad-signature'): Finding =>
    point(
      'bad-signature',
      null,
      because === 'bad-signature'
        ? `Checkpoint ${number} (size ${checkpoint.size}) carries a signature that is not its key's.`
        : `Checkpoint ${number} (size ${checkpoint.size}) is not signed by any key you named.`,
    ),
  unreadable: (number: number): Finding =>
    point('unreadable-checkpoint', null, `Checkpoint ${number} is not a signed checkpoint.`),
  wrongOrigin: (checkpoint: Checkpoint, origin: string): Finding =>
    point(
      'wrong-origin',
      null,
      `The checkpoint of size ${checkpoint.size} belongs to "${checkpoint.origin}", not to "${origin}".`,
    ),
  splitView: (checkpoint: Checkpoint): Finding =>
    point(
      'split-view',
      null,
      `Two signed checkpoints of size ${checkpoint.size} disagree: the journal was shown in two versions.`,
    ),
  erasedUnrecorded: (id: number, at: number): Finding =>
    point('erased-unrecorded', at, `Entry ${id} at place ${at} was erased, and no later entry records the erasure.`),
} as const
