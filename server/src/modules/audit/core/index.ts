// The pure door of the audit room.
export { fromBase64, type Hash, toBase64 } from './bytes.ts'
export { type Checkpoint, formatCheckpoint, parseCheckpoint, type Sign, signCheckpoint } from './checkpoint.ts'
export {
  entryBytes,
  erasureType,
  type JournalActor,
  type JournalEntry,
  type JournalSubject,
  restoreType,
} from './journal-entry.ts'
export {
  type ExportHeader,
  type ExportLine,
  type ExportVerdict,
  exportLine,
  verifyJournalExport,
} from './journal-export.ts'
export { type LeafIndex, leavesOf, packedLeaves } from './leaf-index.ts'
export {
  type ConsistencyClaim,
  consistencyRanges,
  type InclusionClaim,
  inclusionRanges,
  type LeafRange,
  proofOf,
  verifyConsistency,
  verifyInclusion,
} from './merkle-proofs.ts'
export {
  append,
  emptyFrontier,
  type Frontier,
  frontierRoot,
  isFrontier,
  leafHash,
  nodeHash,
  rangeRoot,
} from './merkle-tree.ts'
export {
  formatNote,
  formatNoteKey,
  isKeyName,
  judgeNote,
  type Note,
  type NoteKey,
  type NoteSignature,
  type NoteVerdict,
  noteKeyId,
  parseNote,
  parseNoteKey,
  type VerifySignature,
} from './signed-note.ts'
export {
  startVerification,
  type Verification,
  type VerificationInput,
  type VerificationRow,
  verifyLog,
} from './verification.ts'
export type { Finding, FindingKind, RestoreGap, Verdict, VerificationCounts } from './verification-verdict.ts'
export {
  isRestricted,
  type JournalReader,
  mayRead,
  noRestrictions,
  type ReadableEntry,
  type Restrictions,
  readerOf,
  restrictedWords,
} from './visibility.ts'
