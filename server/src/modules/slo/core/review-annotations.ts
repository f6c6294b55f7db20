// The annotations of an SLO that say who looks at it again, how often, and until when it holds.
import type { Fault } from '../../../kernel/app-error.ts'
import { type Instant, parseInstant } from '../../../kernel/instant.ts'
import { isName } from '../../../kernel/names.ts'
import { step } from './openslo-cursor.ts'
import { parseDay, parseEvery, type ReviewOwner, type ReviewTerms, startOfDay } from './review-terms.ts'

export const reviewEvery = 'mainstay.dev/review-every'
export const reviewFrom = 'mainstay.dev/review-from'
export const reviewOwner = 'mainstay.dev/review-owner'
export const expiresAt = 'mainstay.dev/expires-at'
export const reviewAnnotations = [reviewEvery, reviewFrom, reviewOwner, expiresAt]

type Annotations = Readonly<Record<string, string>>
type Refuse = (key: string, detail: string) => null

/** Null when nothing is said: then nobody is asked, and the promise holds until it is changed. */
export function readReviewTerms(annotations: Annotations, faults: Fault[]): ReviewTerms | null {
  if (reviewAnnotations.every((key) => annotations[key] === undefined)) return null
  const refuse: Refuse = (key, detail) => {
    faults.push({ pointer: `/metadata/annotations${step(key)}`, detail })
    return null
  }
  const [everyText, fromText] = [annotations[reviewEvery], annotations[reviewFrom]]
  const every =
    everyText === undefined
      ? null
      : (parseEvery(everyText) ??
        refuse(
          reviewEvery,
          'An interval of weeks, months, quarters or years, five years at most: `2w`, `3M`, `1Q`, `1Y`.',
        ))
  const from = fromText === undefined ? null : (parseDay(fromText) ?? refuse(reviewFrom, 'A day such as `2026-01-15`.'))
  if (everyText === undefined)
    for (const key of [reviewFrom, reviewOwner])
      if (annotations[key] !== undefined) refuse(key, `Without \`${reviewEvery}\` there are no reviews.`)
  return {
    cycle: every === null ? null : { every, from },
    owner: readOwner(annotations[reviewOwner], refuse),
    expiresAt: readExpiry(annotations[expiresAt], refuse),
  }
}

function readOwner(text: string | undefined, refuse: Refuse): ReviewOwner | null {
  if (text === undefined) return null
  const [, kind, name = ''] = /^(team|person)\/(.+)$/.exec(text.trim()) ?? []
  if ((kind !== 'team' && kind !== 'person') || !isName(name))
    return refuse(reviewOwner, 'A team or a person of the catalog: `team/payments`, `person/ana`.')
  return { kind, name }
}

function readExpiry(text: string | undefined, refuse: Refuse): Instant | null {
  if (text === undefined) return null
  const named = parseDay(text.trim())
  return named === null
    ? (parseInstant(text.trim()) ??
        refuse(
          expiresAt,
          'A day, which it does not hold on any more, or a time: `2027-04-01`, `2027-04-01T08:00:00Z`.',
        ))
    : startOfDay(named)
}
