// A document that was begun anew has none of the old one's characters. What was written here and not kept is carried
// over: as one change of each section, placed where its surroundings are by now.
import * as Y from 'yjs'
import { type Splice, spliceBetween } from '../../../../../server/src/modules/postmortems/core/index.ts'
import { type Delta, rebase } from './rebase.ts'

export type Texts = ReadonlyMap<string, string>

export const textsIn = (doc: Y.Doc): Texts => new Map([...doc.share.keys()].map((name) => [name, textOf(doc, name)]))

export const textOf = (doc: Y.Doc, name: string): string => doc.getText(name).toString()

/** Writes into `doc` what leads from `base` to `mine`. */
export function carryOver(doc: Y.Doc, base: Texts, mine: Texts): void {
  doc.transact(() => {
    for (const [name, wanted] of mine) {
      const before = base.get(name) ?? ''
      const splice = spliceBetween(before, wanted)
      if (splice === null) continue
      const text = doc.getText(name)
      const meanwhile = spliceBetween(before, text.toString())
      for (const { index, remove, insert } of rebase(splice, meanwhile === null ? [] : [deltaOf(meanwhile)])) {
        if (remove > 0) text.delete(index, remove)
        if (insert !== '') text.insert(index, insert)
      }
    }
  })
}

/**
 * What the other document was made of, for all this hand knows: with a request that was never answered, or without it,
 * whichever is nearer to what stands there. Else the same words would be carried over a second time.
 */
export function baseFor(state: Uint8Array, known: Y.Doc, doubtful: Uint8Array | null): Texts {
  const without = textsIn(known)
  if (doubtful === null) return without
  const arrived = new Y.Doc()
  Y.applyUpdate(arrived, Y.encodeStateAsUpdate(known))
  Y.applyUpdate(arrived, doubtful)
  const there = new Y.Doc()
  Y.applyUpdate(there, state)
  const [now, withIt] = [textsIn(there), textsIn(arrived)]
  return distance(withIt, now) < distance(without, now) ? withIt : without
}

function distance(from: Texts, to: Texts): number {
  let sum = 0
  for (const name of new Set([...from.keys(), ...to.keys()])) {
    const splice = spliceBetween(from.get(name) ?? '', to.get(name) ?? '')
    sum += splice === null ? 0 : splice.remove + splice.insert.length
  }
  return sum
}

const deltaOf = ({ index, remove, insert }: Splice): Delta => [{ retain: index }, { insert }, { delete: remove }]

/** Whether `known` holds characters that are not in `state`: the server lost what it had kept. */
export function lacks(state: Uint8Array, known: Y.Doc): boolean {
  const there = Y.decodeStateVector(Y.encodeStateVectorFromUpdate(state))
  const here = Y.decodeStateVector(Y.encodeStateVector(known))
  return [...here].some(([client, clock]) => (there.get(client) ?? 0) < clock)
}
