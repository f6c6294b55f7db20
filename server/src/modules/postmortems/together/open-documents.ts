// Documents this process has open, so that a keystroke does not read the whole history. Only a memory: the truth is the log.
import type * as Y from 'yjs'
import type { Queries } from '../../../platform/database/queries.ts'
import { readWhole } from '../together.store.ts'
import { openDocument } from './document.ts'

// A document of a long postmortem takes a few megabytes while it is open.
const mostOpen = 20

export interface OpenDocuments {
  /**
   * The document at `seq`, taken out until it is given back: who takes it holds the lock of the postmortem, and
   * a transaction that fails in between leaves no trace here.
   */
  take(queries: Queries, id: string, seq: number): Promise<Y.Doc>
  giveBack(id: string, seq: number, doc: Y.Doc): void
}

export function openDocuments(): OpenDocuments {
  const open = new Map<string, { readonly seq: number; readonly doc: Y.Doc }>()
  return {
    take: async (queries, id, seq) => {
      const known = open.get(id)
      open.delete(id)
      // Another process wrote meanwhile: reading on would do, reading anew is as right and seldom.
      return known?.seq === seq ? known.doc : loadDocument(queries, id)
    },
    giveBack: (id, seq, doc) => {
      open.set(id, { seq, doc })
      const oldest = open.size > mostOpen ? open.keys().next() : null
      if (oldest?.done === false) open.delete(oldest.value)
    },
  }
}

export interface WholeDocument {
  readonly epoch: number
  /** The last update in it. */
  readonly seq: number
  readonly doc: Y.Doc
}

/** Null when nobody has begun. */
export async function readDocument(queries: Queries, id: string): Promise<WholeDocument | null> {
  const [state, ...updates] = await readWhole(queries, id)
  if (state === undefined) return null
  const doc = openDocument(
    state.body,
    updates.map((row) => row.body),
  )
  return { epoch: state.epoch, seq: updates.at(-1)?.seq ?? state.seq, doc }
}

async function loadDocument(queries: Queries, id: string): Promise<Y.Doc> {
  return (await readDocument(queries, id))?.doc ?? openDocument(null, [])
}
