// Several people write one postmortem at once: each update is judged, joined, kept, and shown as Markdown in one transaction.
import type * as Y from 'yjs'
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import { hour, minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { type SectionKey, sectionTitles } from '../core/index.ts'
import { postmortemEdited } from '../postmortems.contract.ts'
import { listSections, type PostmortemRow, type SectionRow, saveSection } from '../postmortems.store.ts'
import {
  handsIn,
  isTooLarge,
  type Joined,
  joinUpdate,
  openDocument,
  type SectionTexts,
  stateOf,
  textsOf,
  writeTexts,
} from '../together/document.ts'
import type { OpenDocuments } from '../together/open-documents.ts'
import * as store from '../together.store.ts'
import { dataOf, entryOf, loadOpen, type Order } from './postmortem-entry.ts'

// Reading a document back is one state and at most so many updates.
const foldAfter = 300
// A reader that was away for less goes on from its place; later it reads the whole document.
const stayMs = minute
const sittingEndsMs = 10 * minute
const longestSittingMs = 30 * minute
const mostWriters = 5_000
// A laptop that slept through the night still owns its hand; when it was forgotten, it joins anew by itself.
const forgottenMs = 24 * hour
/** How often one hand's writing on one section is told in the journal. */
const noteEveryMs = 10 * minute

export const handOf = (actor: Actor): string => `${actor.kind}:${actor.id}`

export interface Wrote {
  readonly row: PostmortemRow
  readonly seq: number
}

/** Begin: the document is made of the sections as they stand when nobody has begun yet. */
export async function joinPostmortem(
  needs: Needs,
  documents: OpenDocuments,
  order: Order,
): Promise<{ readonly client: number; readonly epoch: number; readonly seq: number; readonly state: Uint8Array }> {
  const { client, open } = await needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    const head = await openShared(tx, needs, row)
    const hand = { id: row.id, actor: handOf(order.actor), person: order.by }
    const doc = await documents.take(tx, row.id, head.seq)
    const hasRoom = await makeRoom(tx, row.id, doc)
    const open = hasRoom ? { head, doc } : await beginAnew(tx, needs, row, 'Before too many hands had written on it.')
    return { client: (await newWriter(tx, needs, hand)).client, open }
  })
  const { epoch, seq } = open.head
  documents.giveBack(order.id, seq, open.doc)
  return { client, epoch, seq, state: stateOf(open.doc) }
}

export async function writeTogether(
  needs: Needs,
  documents: OpenDocuments,
  order: Order & { readonly client: number; readonly update: Uint8Array },
): Promise<Wrote> {
  return inDocument(needs, documents, order, async (tx, _row, doc) => {
    const writer = await store.findWriter(tx, order.id, order.client)
    if (writer === null || writer.whole || writer.actor !== handOf(order.actor))
      throw new AppError('forbidden', 'postmortems.not-your-hand', 'This hand belongs to somebody else. Join anew.')
    return { joined: joinUpdate(doc, order.update, order.client), writer }
  })
}

/** Whole texts, from the API, an import or an earlier version, join what is being written. */
export async function writeWholeTexts(
  needs: Needs,
  documents: OpenDocuments,
  order: Order & {
    readonly texts: (tx: Tx, row: PostmortemRow) => Promise<Partial<SectionTexts>>
    /** Said when much of it will change: what was there stays as a version. */
    readonly keepBefore?: string
  },
): Promise<Wrote> {
  return inDocument(needs, documents, order, async (tx, row, doc) => {
    const texts = await order.texts(tx, row)
    if (order.keepBefore !== undefined) await keepVersion(tx, row, order.keepBefore, order.by)
    await makeRoom(tx, row.id, doc)
    const writer = await wholeWriter(tx, needs, { id: row.id, actor: handOf(order.actor), person: order.by })
    return { joined: writeTexts(doc, texts, writer.client), writer }
  })
}

interface Written {
  readonly joined: Joined
  readonly writer: store.WriterRow
}

async function inDocument(
  needs: Needs,
  documents: OpenDocuments,
  order: Order,
  work: (tx: Tx, row: PostmortemRow, doc: Y.Doc) => Promise<Written>,
): Promise<Wrote> {
  const done = await needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    const head = await openShared(tx, needs, row)
    const doc = await documents.take(tx, row.id, head.seq)
    const { joined, writer } = await work(tx, row, doc)
    if (joined.update === null) return { row, doc, seq: head.seq }
    const seq = head.seq + 1
    // The work may have kept a version, which is written in the head.
    const now = (await store.findDocument(tx, row.id)) ?? head
    await keep(tx, { ...now, seq }, { joined, writer })
    await note(tx, needs, { row, order, writer, changed: joined.changed })
    const anew = seq - head.stateSeq < foldAfter ? null : await fold(tx, needs, row, { doc, seq })
    return anew === null ? { row, doc, seq } : { row, doc: anew.doc, seq: anew.head.seq }
  })
  documents.giveBack(order.id, done.seq, done.doc)
  return { row: done.row, seq: done.seq }
}

/** The update, the Markdown it leads to, and a version of what was before when this begins a new sitting. */
async function keep(tx: Tx, head: store.DocumentHead, { joined, writer }: Written): Promise<void> {
  const now = await tx.now()
  const isNew = now - head.writtenAt > sittingEndsMs || now - head.versionAt > longestSittingMs
  const kept = isNew && head.sitting.length > 0
  if (kept)
    await store.insertVersion(tx, head.postmortemId, {
      at: head.writtenAt,
      because: 'The end of a sitting.',
      authors: head.sitting,
      sections: joined.before,
    })
  const { person } = writer
  const sitting = kept ? [person] : head.sitting.includes(person) ? head.sitting : [...head.sitting, person].slice(-50)
  const { seq, postmortemId } = head
  await store.insertUpdate(tx, { postmortemId, seq, body: joined.update ?? new Uint8Array() }, now)
  await store.saveHead(tx, { ...head, writtenAt: now, versionAt: isNew ? now : head.versionAt, sitting })
  for (const section of joined.changed)
    await saveSection(tx, postmortemId, { section, body: joined.texts[section], updatedBy: person, updatedAt: now })
}

/** The log becomes the state; what has become too large for that begins anew, and nobody is kept from writing on. */
async function fold(
  tx: Tx,
  needs: Needs,
  row: PostmortemRow,
  { doc, seq }: { readonly doc: Y.Doc; readonly seq: number },
): Promise<OpenShared | null> {
  const state = stateOf(doc)
  if (isTooLarge(state)) return beginAnew(tx, needs, row, 'Before it was begun anew: it had become too large.')
  await store.foldUpdates(tx, { id: row.id, state, seq, before: plus(await tx.now(), -stayMs) })
  return null
}

interface OpenShared {
  readonly head: store.DocumentHead
  readonly doc: Y.Doc
}

/** Another document with the same texts. Who writes on the one before joins this one and brings along what was not sent. */
async function beginAnew(tx: Tx, needs: Needs, row: PostmortemRow, because: string): Promise<OpenShared> {
  await keepVersion(tx, row, because, 'Mainstay')
  await store.beginEpoch(tx, row.id)
  const doc = await documentOf(tx, needs, row.id, await listSections(tx, row.id))
  await store.saveState(tx, row.id, stateOf(doc))
  return { head: await store.needDocument(tx, row.id), doc }
}

async function documentOf(tx: Tx, needs: Needs, id: string, sections: readonly SectionRow[]): Promise<Y.Doc> {
  const doc = openDocument(null, [])
  for (const { section, body, updatedBy } of sections) {
    const writer = await wholeWriter(tx, needs, { id, actor: `text:${updatedBy}`, person: updatedBy })
    writeTexts(doc, { [section]: body }, writer.client)
  }
  return doc
}

// Every keystroke is in the log; the journal says who wrote on what, once in a while.
async function note(
  tx: Tx,
  needs: Needs,
  {
    row,
    order,
    writer,
    changed,
  }: {
    readonly row: PostmortemRow
    readonly order: Order
    readonly writer: store.WriterRow
    readonly changed: readonly SectionKey[]
  },
): Promise<void> {
  const now = await tx.now()
  const isOld = writer.whole || writer.notedAt === null || now - writer.notedAt > noteEveryMs
  const noted = isOld ? [] : writer.noted
  const fresh = changed.filter((section) => !noted.includes(section))
  if (fresh.length === 0) return
  await store.noteWriter(tx, { ...writer, notedAt: isOld ? now : writer.notedAt, noted: [...noted, ...fresh] })
  for (const section of fresh)
    await needs.journal.publish(tx, postmortemEdited, {
      ...(await entryOf(tx, row, order.actor)),
      data: { ...dataOf(row), part: sectionTitles[section] },
    })
}

/** The document of a postmortem, made from its sections when this is the first time. */
export async function openShared(tx: Tx, needs: Needs, row: PostmortemRow): Promise<store.DocumentHead> {
  const known = await store.findDocument(tx, row.id)
  if (known !== null) return known
  const now = await tx.now()
  // First of all: hands belong to a document.
  const head = await store.insertDocument(tx, row.id, stateOf(openDocument(null, [])), now)
  const sections = await listSections(tx, row.id)
  const doc = await documentOf(tx, needs, row.id, sections)
  await store.saveState(tx, row.id, stateOf(doc))
  await store.insertVersion(tx, row.id, {
    at: now,
    because: 'As it stood when people began to write together.',
    authors: [...new Set(sections.map((each) => each.updatedBy))],
    sections: textsOf(doc),
  })
  return head
}

/** A step of the postmortem keeps what it was made of, whoever writes later. */
export async function keepVersion(tx: Tx, row: PostmortemRow, because: string, by: string): Promise<void> {
  const head = await store.findDocument(tx, row.id)
  if (head === null) return
  const now = await tx.now()
  const sections = Object.fromEntries((await listSections(tx, row.id)).map((each) => [each.section, each.body]))
  const authors = head.sitting.length > 0 ? head.sitting : [by]
  await store.insertVersion(tx, row.id, { at: now, because, authors, sections })
  await store.saveHead(tx, { ...head, versionAt: now, sitting: [] })
}

interface NewHand {
  readonly id: string
  readonly actor: string
  readonly person: string
}

async function wholeWriter(tx: Tx, needs: Needs, hand: NewHand): Promise<store.WriterRow> {
  return (await store.findWholeWriter(tx, hand.id, hand.actor)) ?? newWriter(tx, needs, { ...hand, whole: true })
}

/** Gives back hands that wrote nothing when there are as many as may be; false when every one is needed. */
async function makeRoom(tx: Tx, id: string, doc: Y.Doc): Promise<boolean> {
  if ((await store.countWriters(tx, id)) < mostWriters) return true
  return store.forgetWriters(tx, id, handsIn(doc), plus(await tx.now(), -forgottenMs))
}

async function newWriter(tx: Tx, needs: Needs, hand: NewHand & { readonly whole?: boolean }): Promise<store.WriterRow> {
  const now: Instant = await tx.now()
  for (;;) {
    const client = Number.parseInt(needs.newId().slice(-8), 16)
    const { id: postmortemId, actor, person, whole = false } = hand
    if (client === 0) continue
    const made = await store.insertWriter(tx, { postmortemId, client, actor, person, whole }, now)
    if (made !== null) return made
  }
}
