// What is known of two incidents that turn out to be one, and what each of them knew when they come apart again.
import type { Instant } from '../../../kernel/instant.ts'
import { peopleInWords } from './updates.ts'

export interface HurtFacts {
  /** Null: nobody counted them. */
  readonly people: number | null
  readonly regions: readonly string[]
  readonly customers: readonly string[]
  readonly statement: string | null
}

export interface MergedHurt extends HurtFacts {
  /** What was decided about it, to be shown before and kept after. */
  readonly because: readonly string[]
}

/** As many as one statement of the impact holds. */
const mostRegions = 50
const mostCustomers = 200

/**
 * Regions and customers of both. Of people the larger number: one failure was seen twice, so that most of them are the
 * same people, and a sum would tell customers of a harm that nobody has counted. Whoever merges may say another one.
 */
export function mergedHurt(into: HurtFacts, own: HurtFacts, said: number | null = null): MergedHurt {
  const counted = [into.people, own.people].filter((each) => each !== null)
  const larger = counted.length === 0 ? null : Math.max(...counted)
  const differ = counted.length === 2 && into.people !== own.people
  const [one = '', two = ''] = [into.people ?? 0, own.people ?? 0].map(peopleInWords)
  const both = into.statement !== null && own.statement !== null && into.statement !== own.statement
  return {
    people: said ?? larger,
    regions: union(into.regions, own.regions, mostRegions),
    customers: union(into.customers, own.customers, mostCustomers),
    statement: into.statement ?? own.statement,
    because: [
      ...(said === null && differ ? [`Of ${one} and ${two} the larger number counts: they may be the same.`] : []),
      ...(both
        ? ['Of two statements of the impact its own stays; the other can be read in the one that was merged.']
        : []),
    ],
  }
}

/** What somebody changed since the merge stays; the rest is as it was before. */
export function unmergedHurt(now: HurtFacts, before: HurtFacts, merged: HurtFacts): HurtFacts {
  const changed = (list: readonly string[], since: readonly string[]) => list.filter((each) => !since.includes(each))
  const apart = (of: (facts: HurtFacts) => readonly string[]) => [
    // Who was taken out of the list since was not hurt.
    ...of(before).filter((each) => of(now).includes(each)),
    ...changed(of(now), of(merged)),
  ]
  return {
    people: now.people === merged.people ? before.people : now.people,
    regions: apart((facts) => facts.regions),
    customers: apart((facts) => facts.customers),
    statement: now.statement === merged.statement ? before.statement : now.statement,
  }
}

/** Of two moments the first; null where neither is known. */
export function earlier(one: Instant | null, other: Instant | null): Instant | null {
  if (one === null || other === null) return one ?? other
  return one < other ? one : other
}

const union = (one: readonly string[], other: readonly string[], most: number): readonly string[] =>
  [...new Set([...one, ...other])].slice(0, Math.max(most, one.length))
