// Calls: pages of one person that come close together, and how long each keeps the person from everything else.
import { type Instant, instant } from '../../../kernel/instant.ts'
import type { Interval } from '../../../kernel/interval.ts'
import type { OnCallTerms } from './terms.ts'

export interface PersonPage {
  readonly person: string
  readonly at: Instant
  readonly escalation: string
  readonly service: string | null
  /** False for pages that were made before answers were kept beside them. */
  readonly answerKnown: boolean
  readonly answeredBy: string | null
  readonly answeredAt: Instant | null
  /** When the alert ended; null while it is open. */
  readonly overAt: Instant | null
}

/** From its first page until whoever was called is free again. */
export interface Call extends Interval {
  readonly pages: readonly PersonPage[]
}

/** Of one person, by time. Calls may overlap: a new one can come while the last is worked on. */
export function callsOf(pages: readonly PersonPage[], terms: Pick<OnCallTerms, 'call'>, now: Instant): readonly Call[] {
  const calls: { pages: PersonPage[]; end: Instant }[] = []
  for (const page of [...pages].sort((a, b) => a.at - b.at)) {
    const last = calls.at(-1)
    const before = last?.pages.at(-1)
    const end = freeAt(page, terms, now)
    if (last === undefined || before === undefined || page.at - before.at >= terms.call.togetherMs)
      calls.push({ pages: [page], end })
    else {
      last.pages.push(page)
      if (end > last.end) last.end = end
    }
  }
  return calls.flatMap((call) => {
    const [first] = call.pages
    return first === undefined ? [] : [{ start: first.at, end: call.end, pages: call.pages }]
  })
}

/** Whoever answers works until it is over; whoever does not is free once somebody else has it. */
function freeAt(page: PersonPage, { call }: Pick<OnCallTerms, 'call'>, now: Instant): Instant {
  const over = page.overAt ?? now
  const until = page.answeredBy === page.person || page.answeredAt === null ? over : page.answeredAt
  return instant(Math.min(Math.max(until, page.at + call.leastMs), page.at + call.mostMs))
}

/** From the first page of each question to the person's own answer: a second round does not make anybody faster. */
export function answerTimes(pages: readonly PersonPage[]): readonly number[] {
  const first = new Map<string, number>()
  for (const { escalation, answeredAt, answeredBy, person, at } of pages) {
    if (answeredAt === null || answeredBy !== person) continue
    const key = `${escalation} ${answeredAt}`
    first.set(key, Math.max(first.get(key) ?? 0, answeredAt - at))
  }
  return [...first.values()].sort((a, b) => a - b)
}

/** Of sorted values, the nearest rank; null of none. */
export function percentile(sorted: readonly number[], share: number): number | null {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? null
}
