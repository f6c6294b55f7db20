// The shared document: one Yjs text for each section. What comes in is judged before anybody else sees it.
import * as Y from 'yjs'
import { AppError } from '../../../kernel/app-error.ts'
import { isStorableText } from '../../../kernel/json.ts'
import { longestSection, type SectionKey, sectionKeys, spliceBetween } from '../core/index.ts'

/** Bytes of one update: a pasted section, in any script. */
export const longestUpdate = 524_288
// With 10 people typing for a day a document stays under 1 MB; beyond this nobody can open it on a phone. The six sections
// alone, in any script, stay below half of it.
const longestState = 4_194_304
const mostStructs = 20_000
const mostDeletions = 20_000
// A number of characters nobody types; keeps a forged clock from using up all numbers of a hand.
const longestClock = 100_000_000

export type SectionTexts = Readonly<Record<SectionKey, string>>

export function openDocument(state: Uint8Array | null, updates: readonly Uint8Array[]): Y.Doc {
  const doc = new Y.Doc()
  for (const section of sectionKeys) doc.getText(section)
  if (state !== null) Y.applyUpdate(doc, state)
  for (const update of updates) Y.applyUpdate(doc, update)
  return doc
}

export const stateOf = (doc: Y.Doc): Uint8Array => Y.encodeStateAsUpdate(doc)

export function textsOf(doc: Y.Doc): SectionTexts {
  const of = (section: SectionKey) => doc.getText(section).toString()
  return {
    summary: of('summary'),
    'what-happened': of('what-happened'),
    'went-well': of('went-well'),
    'went-badly': of('went-badly'),
    lucky: of('lucky'),
    lessons: of('lessons'),
  }
}

export interface Joined {
  /** What was new in it, as others are to hear it; null when all was known. */
  readonly update: Uint8Array | null
  readonly before: SectionTexts
  readonly texts: SectionTexts
  readonly changed: readonly SectionKey[]
}

const refuse = (detail: string): AppError => new AppError('invalid', 'postmortems.bad-update', detail)

/** Throws when the update is not what an editor of ours writes; the document is then to be thrown away. */
export function joinUpdate(doc: Y.Doc, update: Uint8Array, client: number): Joined {
  checkUpdate(doc, update, client)
  return change(doc, () => {
    try {
      Y.applyUpdate(doc, update)
    } catch {
      throw refuse('The update does not fit the document.')
    }
    const { pendingStructs, pendingDs } = doc.store
    if (pendingStructs !== null || pendingDs !== null)
      throw new AppError('conflict', 'postmortems.update-ahead', 'It builds on something that is not here. Join anew.')
  })
}

/** A whole text was given: written as the one change that leads to it, so that it joins what others write meanwhile. */
export function writeTexts(doc: Y.Doc, texts: Partial<SectionTexts>, client: number): Joined {
  return change(doc, () => {
    doc.clientID = client
    doc.transact(() => {
      for (const section of sectionKeys) {
        const text = doc.getText(section)
        const wanted = texts[section]
        const splice = wanted === undefined ? null : spliceBetween(text.toString(), plainLines(wanted))
        if (splice === null) continue
        if (splice.remove > 0) text.delete(splice.index, splice.remove)
        if (splice.insert !== '') text.insert(splice.index, splice.insert)
      }
    })
  })
}

/** A text field knows one end of a line only; two would count the characters differently. */
export const plainLines = (text: string): string => text.replaceAll(/\r\n?/g, '\n')

function change(doc: Y.Doc, work: () => void): Joined {
  const before = textsOf(doc)
  const made: Uint8Array[] = []
  const hear = (update: Uint8Array) => made.push(update)
  doc.on('update', hear)
  try {
    work()
  } finally {
    doc.off('update', hear)
  }
  const texts = textsOf(doc)
  checkDocument(doc, texts)
  return {
    update: made.length === 0 ? null : Y.mergeUpdates(made),
    before,
    texts,
    changed: sectionKeys.filter((section) => before[section] !== texts[section]),
  }
}

function checkDocument(doc: Y.Doc, texts: SectionTexts): void {
  for (const section of sectionKeys) {
    const { length } = texts[section]
    if (length > longestSection)
      throw new AppError('limited', 'postmortems.too-long', `A section holds ${longestSection} characters.`)
    // Neighbours from two sections would make a text that counts characters it does not show.
    if (doc.getText(section).length !== length) throw refuse('It joins characters of different sections.')
  }
  if (doc.share.size !== sectionKeys.length) throw refuse('There is no such section.')
}

/** Asked when the log is folded: deleted characters leave traces, so this grows more slowly than what was typed. */
export const isTooLarge = (state: Uint8Array): boolean => state.length > longestState

/** The hands that wrote something in it, also what was deleted since. */
export const handsIn = (doc: Y.Doc): readonly number[] => [...doc.store.clients.keys()]

// Only plain characters in a section, from the hand that sends them. Everything else Yjs knows (formats, embedded
// objects, nested documents) has no place in Markdown and would reach every reader.
function checkUpdate(doc: Y.Doc, update: Uint8Array, client: number): void {
  if (update.length > longestUpdate) throw refuse('The update is too large.')
  const { structs, ds } = decode(update)
  if (structs.length > mostStructs) throw refuse('The update has too many parts.')
  let deletions = 0
  for (const items of ds.clients.values()) deletions += items.length
  if (deletions > mostDeletions) throw refuse('The update has too many parts.')
  for (const struct of structs) {
    if (struct instanceof Y.Skip) continue
    // What others wrote and is here already is left aside when it is joined: a whole state of an editor holds it, too.
    const isKnown = struct.id.clock + struct.length <= Y.getState(doc.store, struct.id.client)
    if (struct.id.client !== client && isKnown) continue
    if (struct.id.client !== client) throw refuse('It was written by another hand.')
    if (!(struct instanceof Y.Item)) throw refuse('It holds something that is no text.')
    if (struct.id.clock + struct.length > longestClock) throw refuse('It counts too far.')
    const { content, parentSub } = struct
    // As it was sent: a name, or nothing when a neighbour tells it. The library's type speaks of the joined item.
    const parent: unknown = struct.parent
    if (parentSub !== null) throw refuse('It holds something that is no text.')
    if (parent !== null && !sectionKeys.some((section) => section === parent)) throw refuse('There is no such section.')
    if (content instanceof Y.ContentDeleted) continue
    if (!(content instanceof Y.ContentString)) throw refuse('It holds something that is no text.')
    if (!isStorableText(content.str) || content.str.includes('\r'))
      throw refuse('A text holds a character that cannot be stored.')
  }
}

function decode(update: Uint8Array): ReturnType<typeof Y.decodeUpdate> {
  try {
    return Y.decodeUpdate(update)
  } catch {
    throw refuse('These bytes are no update.')
  }
}

export interface Run {
  readonly by: string
  readonly text: string
}

/** Who wrote which characters, in the order they stand. */
export function authorsOf(doc: Y.Doc, section: SectionKey, personOf: (client: number) => string): readonly Run[] {
  const runs: Run[] = []
  // `_start` is the only way to the items; toDelta() tells formats, not hands.
  for (let item = doc.getText(section)._start; item !== null; item = item.right) {
    if (item.deleted || !(item.content instanceof Y.ContentString)) continue
    const by = personOf(item.id.client)
    const last = runs.at(-1)
    if (last?.by === by) runs[runs.length - 1] = { by, text: last.text + item.content.str }
    else runs.push({ by, text: item.content.str })
  }
  return runs
}
