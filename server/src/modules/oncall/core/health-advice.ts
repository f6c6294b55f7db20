// What would make being on call bearable, each with the figures it is drawn from. A suggestion without a reason is none.
import { day, formatDuration, minute } from '../../../kernel/duration.ts'
import { percentile } from './calls.ts'
import { type Figures, sumOf } from './health.ts'
import type { OnCallTerms } from './terms.ts'

export const adviceCodes = [
  'cover-gaps',
  'too-many-calls',
  'nights-uneven',
  'nights-broken',
  'too-few-people',
  'nobody-answers',
  'slow-answers',
  'mostly-nights',
] as const
export type AdviceCode = (typeof adviceCodes)[number]

export interface Advice {
  readonly code: AdviceCode
  readonly sentence: string
  /** The figures behind it. */
  readonly because: string
  /** Whom it speaks of by name: only those who may see these people read it. */
  readonly people: readonly string[]
}

export interface AdviceFacts {
  /** How much of the time is on record. */
  readonly knownMs: number
  readonly people: readonly { readonly person: string; readonly figures: Figures; readonly mostBrokenInAWeek: number }[]
  readonly pagesByService: readonly { readonly service: string; readonly pages: number }[]
  readonly uncoveredMs: number
  readonly terms: OnCallTerms
}

const few = 5
/** A day or two say nothing about what somebody's weeks look like. Two weeks do, also those that a zone or a clock change cuts short. */
export const shareFromMs = 13 * day
const share = (part: number, of: number): string => `${Math.round((part / of) * 100)} %`
const times = (count: number, one: string, many = `${one}s`): string => `${count} ${count === 1 ? one : many}`

export function adviceFor(facts: AdviceFacts): readonly Advice[] {
  const total = sumOf(facts.people.map((each) => each.figures))
  return [
    ...gaps(facts),
    ...overfull(facts, total),
    ...unevenNights(facts, total),
    ...brokenNights(facts),
    ...tooFew(facts),
    ...answers(total, facts.terms),
    ...mostlyNights(facts, total),
  ]
}

function gaps({ uncoveredMs }: AdviceFacts): readonly Advice[] {
  if (uncoveredMs < minute) return []
  const because = `For ${formatDuration(Math.round(uncoveredMs / minute) * minute)} nobody was on call although somebody had to be.`
  return [{ code: 'cover-gaps', sentence: 'Close the gaps of the schedule.', because, people: [] }]
}

function overfull({ pagesByService, terms: { limits } }: AdviceFacts, total: Figures): readonly Advice[] {
  // Now and then is no pattern.
  if (total.overfull < 2 || total.overfull * 20 < total.stretches) return []
  const [worst] = pagesByService
  const from =
    worst === undefined || worst.pages < few
      ? 'Look at what paged most and make it quieter or less urgent.'
      : `Begin with ${worst.service}: ${share(worst.pages, total.pages)} of all pages came from it.`
  const because = `${total.overfull} of ${times(total.stretches, 'stretch', 'stretches')} of ${formatDuration(limits.perMs)} on call had more than ${times(limits.calls, 'call')}.`
  return [{ code: 'too-many-calls', sentence: from, because, people: [] }]
}

function unevenNights({ people }: AdviceFacts, total: Figures): readonly Advice[] {
  if (people.length < 2 || total.brokenNights < few) return []
  const byNights = [...people].sort((a, b) => b.figures.brokenNights - a.figures.brokenNights)
  const [most, least] = [byNights[0], byNights.at(-1)]
  const even = total.brokenNights / people.length
  if (most === undefined || least === undefined || most.figures.brokenNights < 1.5 * even + 1) return []
  const because = `${most.person} was woken in ${most.figures.brokenNights} of ${times(total.brokenNights, 'broken night')}; an even share is ${even.toFixed(1)}. ${least.person} was woken in ${least.figures.brokenNights}.`
  const sentence = `Let ${least.person} take some of ${most.person}'s nights: a swap does it.`
  return [{ code: 'nights-uneven', sentence, because, people: [most.person, least.person] }]
}

function brokenNights({ people, terms: { limits } }: AdviceFacts): readonly Advice[] {
  return people.flatMap(({ person, mostBrokenInAWeek: most }): readonly Advice[] => {
    if (most <= limits.brokenNights) return []
    const because = `${person} was woken in ${times(most, 'night')} of one week; the limit is ${limits.brokenNights}.`
    const sentence = `Give ${person} a day off after such a week, and split weeks in the middle.`
    return [{ code: 'nights-broken', sentence, because, people: [person] }]
  })
}

function tooFew({ people, knownMs, terms: { limits } }: AdviceFacts): readonly Advice[] {
  if (knownMs < shareFromMs) return []
  const over = people.filter((each) => each.figures.onCallMs > limits.timeOnCall * knownMs)
  const served = people.reduce((sum, each) => sum + each.figures.onCallMs, 0)
  const needed = Math.ceil(served / knownMs / limits.timeOnCall)
  const serving = people.filter((each) => each.figures.onCallMs > 0).length
  if (over.length === 0) return []
  const because = `${over.length} of ${times(serving, 'person', 'people')} ${over.length === 1 ? 'is' : 'are'} on call more than ${share(limits.timeOnCall, 1)} of the time.`
  const sentence =
    needed > serving
      ? `At least ${needed} people have to share this duty; ${serving} do.`
      : 'Spread the duty evenly: there are enough people for it.'
  return [{ code: 'too-few-people', sentence, because, people: [] }]
}

function answers(total: Figures, { limits }: OnCallTerms): readonly Advice[] {
  const known = total.answered + total.answeredByOthers + total.unanswered
  const found: Advice[] = []
  if (known >= few && total.unanswered > 0.2 * known) {
    const because = `${total.unanswered} of ${times(known, 'page')} ${total.unanswered === 1 ? 'was' : 'were'} answered by nobody before the alert ended.`
    const sentence = 'See whether these pages wake anybody (How I am paged, Test), or whether they should page at all.'
    found.push({ code: 'nobody-answers', sentence, because, people: [] })
  }
  const slow = percentile(total.answerMs, 0.9)
  if (slow !== null && total.answerMs.length >= few && slow > limits.answerMs) {
    const because = `One answer in ten took longer than ${formatDuration(Math.round(slow / 1000) * 1000)}; the limit is ${formatDuration(limits.answerMs)}.`
    const sentence = 'Add a channel that wakes people (push, a call), or page the next level sooner.'
    found.push({ code: 'slow-answers', sentence, because, people: [] })
  }
  return found
}

function mostlyNights({ people }: AdviceFacts, total: Figures): readonly Advice[] {
  const woken = people.reduce((sum, each) => sum + each.figures.brokenNights, 0)
  if (woken < few || total.calls === 0 || total.awakeMs * 2 < total.busyMs) return []
  const because = `${share(total.awakeMs, total.busyMs)} of the time spent on calls lay in nights.`
  const sentence =
    'What can wait until the morning should be low urgency; if it cannot, people in another zone could take the nights.'
  return [{ code: 'mostly-nights', sentence, because, people: [] }]
}
