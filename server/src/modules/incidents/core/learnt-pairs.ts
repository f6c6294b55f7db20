// What a person said once counts the next time: two kinds of alerts are one problem, or two. A kind is a rule of a
// service, so a word about one rule says nothing about the others of that service.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Symptom } from './symptom.ts'

export const pairVerdicts = ['apart', 'together'] as const
export type PairVerdict = (typeof pairVerdicts)[number]

/** Forgotten after this; systems change. */
export const learntForMs = 90 * day
/** Of one act: with more kinds of alerts on either side nothing can be said of each. */
export const mostLearnt = 20

export interface PairEnd {
  /** Empty when nobody declared it. */
  readonly service: string
  readonly rule: string
}

export interface LearntPair {
  readonly id: string
  readonly ends: readonly [PairEnd, PairEnd]
  readonly verdict: PairVerdict
  readonly because: string
  readonly saidBy: string
  readonly saidAt: Instant
  readonly until: Instant
}

export const endOf = ({ service, rule }: Symptom): PairEnd => ({ service: service ?? '', rule })

const keyOf = ({ service, rule }: PairEnd): string => JSON.stringify([service, rule])
const same = (one: PairEnd, other: PairEnd): boolean => keyOf(one) === keyOf(other)

/** In the order of their names: a pair has one spelling. */
export function pairOf(one: PairEnd, other: PairEnd): readonly [PairEnd, PairEnd] {
  return keyOf(one) <= keyOf(other) ? [one, other] : [other, one]
}

/** Each kind of the one side with each of the other, those nearest in time first; one kind is never apart from itself. */
export function pairsBetween(
  moved: readonly Symptom[],
  others: readonly Symptom[],
): readonly (readonly [PairEnd, PairEnd])[] {
  const found = new Map<string, { pair: readonly [PairEnd, PairEnd]; gap: number }>()
  for (const one of moved)
    for (const other of others) {
      const pair = pairOf(endOf(one), endOf(other))
      if (same(...pair)) continue
      const key = JSON.stringify(pair)
      const gap = Math.abs(one.startedAt - other.startedAt)
      if (gap < (found.get(key)?.gap ?? Number.POSITIVE_INFINITY)) found.set(key, { pair, gap })
    }
  return [...found.entries()]
    .sort(([a, one], [b, other]) => one.gap - other.gap || (a < b ? -1 : 1))
    .slice(0, mostLearnt)
    .map(([, { pair }]) => pair)
}

export interface LearntWord {
  readonly pair: LearntPair
  readonly of: Symptom
}

/** What was said of this alert and any of those; the last word counts, and of two as late that they are apart. */
export function learntWord(
  symptom: Symptom,
  others: readonly Symptom[],
  pairs: readonly LearntPair[],
): LearntWord | null {
  let last: LearntWord | null = null
  for (const of of others) {
    const ends = pairOf(endOf(symptom), endOf(of))
    for (const pair of pairs) {
      if (symptom.startedAt >= pair.until || !same(pair.ends[0], ends[0]) || !same(pair.ends[1], ends[1])) continue
      const later = last === null || pair.saidAt > last.pair.saidAt
      const asLate = last !== null && pair.saidAt === last.pair.saidAt && pair.verdict === 'apart'
      if (later || asLate) last = { pair, of }
    }
  }
  return last
}

export function endInWords({ service, rule }: PairEnd): string {
  return service === '' ? rule : `${rule} of ${service}`
}

export function pairInWords({ ends: [one, other], verdict, saidBy }: Omit<LearntPair, 'id'>): string {
  const what = verdict === 'together' ? 'are one problem' : 'are two problems'
  return `${saidBy} said that ${endInWords(one)} and ${endInWords(other)} ${what}.`
}
