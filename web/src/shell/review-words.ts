// Reviews and ends in words, the same on the page of what was promised and in the list of what is to be looked at.
import type { ObjectiveReview, ObjectiveTerms, ReviewFigures } from '../../../client/src/operations.gen.ts'
import { shareText } from '../parts/format.ts'
import type { Look } from './words.ts'

/** The one thing to act on first; null when nothing is to be done. */
export function termsLook({
  review,
  expiry,
  pending,
}: Pick<ObjectiveTerms, 'review' | 'expiry' | 'pending'>): Look | null {
  if (expiry === 'expired') return { tone: 'warning', word: 'Expired' }
  if (review === 'overdue') return { tone: 'warning', word: 'Review overdue' }
  if (expiry === 'expires-soon') return { tone: 'info', word: 'Expires soon' }
  if (review === 'due') return { tone: 'info', word: 'Review due' }
  if (pending !== null) return { tone: 'info', word: 'Decided, not applied' }
  return null
}

export const decisionWords: Readonly<Record<ObjectiveReview['decision'], string>> = {
  keep: 'Keep it',
  'change-target': 'Change the target',
  retire: 'Retire it',
}

const verdictWords = { met: 'met', missed: 'missed', unknown: 'not known' } as const

/** Of an objective; a journey pages nobody itself. */
function alertLines(alerts: ReviewFigures['alerts']): readonly (readonly [string, string])[] {
  if (alerts === null) return [['Pages of its alerts', 'not known']]
  return [
    ['Pages of its alerts', `${alerts.pages}, and ${alerts.tickets} tickets`],
    ['During an incident', alerts.pages === 0 ? 'no page to judge' : `${share(alerts.precision)} of pages`],
    [
      'Incidents it paged about',
      alerts.incidents === 0 ? 'no incident to judge by' : `${share(alerts.recall)} of ${alerts.incidents}`,
    ],
  ]
}

const share = (ratio: number | null) => (ratio === null ? 'not known' : shareText(ratio))

export function figureLines(
  figures: ReviewFigures,
  subject: ObjectiveReview['subject'],
): readonly (readonly [string, string])[] {
  const { attained, alerts } = figures
  return [
    ['Attained', `${attained.text} of ${figures.targetText} %, ${verdictWords[attained.verdict]}`],
    ['Measured', share(attained.measuredRatio)],
    ['Budget left', share(figures.remainingRatio)],
    ...(subject === 'journey' ? [] : alertLines(alerts)),
    ['Pages about its services', String(figures.pagesOfService)],
  ]
}
