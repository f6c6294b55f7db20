// Verifies the journal, or an export of it, offline: entries one at a time against the leaf index, and both against
// signed checkpoints. Memory is bounded by the leaf index, not by the entries.
import { type Hash, sameBytes } from './bytes.ts'
import { type Checkpoint, parseCheckpoint } from './checkpoint.ts'
import { nameDifferences } from './differences.ts'
import { entryBytes, erasureType, type JournalEntry, restoreType } from './journal-entry.ts'
import { type LeafIndex, placesByHash } from './leaf-index.ts'
import { append, emptyFrontier, type Frontier, frontierRoot, leafHash } from './merkle-tree.ts'
import { judgeNote, type NoteKey, parseNote, type VerifySignature } from './signed-note.ts'
import { type Finding, sentences, type Verdict } from './verification-verdict.ts'

/** More differences than this are counted as one: the first ones are what an auditor needs. */
const maxFindings = 1_000

export interface VerificationInput {
  readonly hash: Hash
  readonly verify: VerifySignature
  /** Keys whose signature on a checkpoint counts: the journal's own, now and formerly, and witnesses. */
  readonly keys: readonly NoteKey[]
  readonly origin: string
  readonly leaves: LeafIndex
  /** Signed notes, in any order. */
  readonly checkpoints: readonly string[]
}

/** A row of the journal or of an export. An erased entry keeps its place and its hash, and nothing else. */
export type VerificationRow =
  | { readonly entry: JournalEntry; readonly salt: string | null }
  | { readonly erased: { readonly id: number; readonly leaf: Uint8Array } }

export interface Verification {
  feed(row: VerificationRow): void
  finish(): Verdict
}

interface Restore {
  readonly formerOrigin: string
  readonly keptSize: number
}

interface Walk {
  frontier: Frontier
  next: number
  readonly refuted: Set<Checkpoint>
}

export function startVerification(input: VerificationInput): Verification {
  const { hash, leaves } = input
  const findings: Finding[] = []
  const trusted = readCheckpoints(input, findings)
  const indexWalk = newWalk()
  check(hash, indexWalk, trusted)
  // Goes along with the entries, so that a caller who feeds in portions is never held up by the whole index.
  const walkIndexTo = (size: number): void => {
    for (let place = indexWalk.frontier.size; place < size; place += 1) grow(hash, indexWalk, trusted, leaves.at(place))
  }

  const entryWalk = newWalk()
  check(hash, entryWalk, trusted)
  let fed = 0
  let firstDifference: number | null = null
  const places: (number | null)[] = []
  let placeOf: ((leaf: Uint8Array) => number | null) | null = null
  const erased = new Map<number, number>()
  const recorded = new Set<string>()
  const restores: Restore[] = []

  return {
    feed(row) {
      const leaf = 'entry' in row ? leafHash(hash, entryBytes(row.entry, row.salt)) : row.erased.leaf
      if ('erased' in row) erased.set(row.erased.id, fed)
      else if (row.entry.type === erasureType) for (const link of row.entry.links) recorded.add(link)
      else if (row.entry.type === restoreType) restores.push(...readRestore(row.entry, fed))
      grow(hash, entryWalk, trusted, leaf)
      walkIndexTo(Math.min(leaves.size, entryWalk.frontier.size))
      if (firstDifference === null && !(fed < leaves.size && sameBytes(leaves.at(fed), leaf))) {
        firstDifference = fed
        placeOf = placesByHash(leaves, sameBytes)
      }
      if (placeOf !== null) places.push(placeOf(leaf))
      fed += 1
    },

    finish() {
      walkIndexTo(leaves.size)
      const forgiven = (checkpoint: Checkpoint): boolean =>
        restores.some(({ formerOrigin, keptSize }) => checkpoint.origin === formerOrigin && checkpoint.size > keptSize)
      const origins = new Set([input.origin, ...restores.map((restore) => restore.formerOrigin)])
      const gaps = restores.map((restore) => ({
        ...restore,
        lostUpTo: largest(
          trusted.filter((each) => each.origin === restore.formerOrigin),
          restore.keptSize,
        ),
      }))
      for (const checkpoint of trusted) {
        if (!origins.has(checkpoint.origin)) findings.push(sentences.wrongOrigin(checkpoint, input.origin))
      }
      const binding = trusted.filter((each) => origins.has(each.origin) && !forgiven(each))
      const badIndex = binding.find((each) => indexWalk.refuted.has(each) || each.size > leaves.size)
      const badEntries = binding.find((each) => entryWalk.refuted.has(each) || each.size > fed)
      const start = firstDifference ?? (fed < leaves.size ? fed : null)

      // When the entries are what was signed, it is the index that was touched.
      if (badIndex !== undefined && badEntries === undefined)
        findings.push(sentences.indexAltered(start ?? leaves.size))
      else {
        if (start !== null)
          findings.push(...nameDifferences(places, start, leaves.size, maxFindings).map(sentences.difference))
        if (badIndex !== undefined) {
          const agreed = largest(
            binding.filter((each) => each.size < badIndex.size),
            0,
          )
          if (indexWalk.refuted.has(badIndex)) findings.push(sentences.rewritten(agreed, badIndex))
          else findings.push(sentences.tailCut(agreed, leaves.size, largest(binding, 0)))
        }
      }
      for (const [id, at] of erased)
        if (!recorded.has(`journal-entry:${id}`)) findings.push(sentences.erasedUnrecorded(id, at))

      findings.sort((a, b) => (a.at ?? -1) - (b.at ?? -1))
      const sealed = largest(
        binding.filter((each) => each.size <= fed),
        0,
      )
      const counts = {
        entries: fed,
        erased: erased.size,
        checkpoints: trusted.length,
        sealed,
        unsealed: Math.max(0, fed - sealed),
      }
      if (findings.length === 0) return { ok: true, counts, gaps }
      const firstBad = findings.find(({ at }) => at !== null)?.at ?? null
      return { ok: false, counts, gaps, firstBad, findings: findings.slice(0, maxFindings) }
    },
  }
}

/** The largest size, at least `floor`. A year of checkpoints is half a million: no spreading into Math.max. */
function largest(checkpoints: readonly Checkpoint[], floor: number): number {
  return checkpoints.reduce((size, each) => Math.max(size, each.size), floor)
}

/** All at once, for tests and small exports. */
export function verifyLog(input: VerificationInput, rows: Iterable<VerificationRow>): Verdict {
  const verification = startVerification(input)
  for (const row of rows) verification.feed(row)
  return verification.finish()
}

const newWalk = (): Walk => ({ frontier: emptyFrontier, next: 0, refuted: new Set() })

function grow(hash: Hash, walk: Walk, checkpoints: readonly Checkpoint[], leaf: Uint8Array): void {
  walk.frontier = append(hash, walk.frontier, leaf)
  check(hash, walk, checkpoints)
}

/** Compares the tree so far with every checkpoint of its size. */
function check(hash: Hash, walk: Walk, checkpoints: readonly Checkpoint[]): void {
  for (let each = checkpoints[walk.next]; each?.size === walk.frontier.size; each = checkpoints[walk.next]) {
    if (!sameBytes(frontierRoot(hash, walk.frontier), each.root)) walk.refuted.add(each)
    walk.next += 1
  }
}

/** Signed by a known key, ordered by size; what is not becomes a finding. */
function readCheckpoints(input: VerificationInput, findings: Finding[]): readonly Checkpoint[] {
  const trusted: Checkpoint[] = []
  for (const [number, text] of input.checkpoints.entries()) {
    const note = parseNote(text)
    const checkpoint = note === null ? null : parseCheckpoint(note.text)
    if (note === null || checkpoint === null) {
      findings.push(sentences.unreadable(number))
      continue
    }
    const verdict = judgeNote(input.hash, input.verify, note, input.keys)
    if (verdict.signed) trusted.push(checkpoint)
    else findings.push(sentences.badSignature(number, checkpoint, verdict.because))
  }
  trusted.sort((a, b) => a.size - b.size)
  for (const [i, checkpoint] of trusted.entries()) {
    const twin = trusted[i - 1]
    if (twin?.size === checkpoint.size && twin.origin === checkpoint.origin && !sameBytes(twin.root, checkpoint.root))
      findings.push(sentences.splitView(checkpoint))
  }
  return trusted
}

/** A restore can only give up what came after it: `keptSize` beyond its own place would hide a cut. */
function readRestore(entry: JournalEntry, place: number): readonly Restore[] {
  const { formerOrigin, keptSize } = entry.data
  if (typeof formerOrigin !== 'string' || typeof keptSize !== 'number') return []
  return keptSize === place ? [{ formerOrigin, keptSize }] : []
}
