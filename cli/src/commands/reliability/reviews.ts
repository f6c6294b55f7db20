import type { ObjectiveReview, ObjectiveTerms, ReviewFigures } from '../../../../client/src/operations.gen.ts'
import { type Api, openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { needName, printDetail, printListing } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact, exactAndAgo } from '../../print/times.ts'
import { percent } from './objectives.ts'
import { readSubject, subjectText } from './subject.ts'

const states = ['open', 'due', 'overdue', 'expiring', 'expired', 'all'] as const
const decisions = ['keep', 'change-target', 'retire'] as const

export const listReviews: Run = async (call) => {
  const { options } = call
  const [owner, service] = [options.text('owner'), options.text('service')]
  const state = states.find((each) => each === options.text('state')) ?? 'open'
  const filter = { state, ...(owner === null ? {} : { owner }), ...(service === null ? {} : { service }) }
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) => api.client['objective-reviews.list']({ query: { ...page, ...filter } }),
    options.integer('limit', 1, 100_000) ?? 200,
  )
  await printListing<ObjectiveTerms>(call, {
    rows: items,
    more,
    columns: [
      { header: 'OBJECTIVE', of: subjectText },
      { header: 'REVIEW', of: (row) => (row.review === 'none' ? null : row.review) },
      { header: 'DUE', of: (row) => row.dueOn },
      { header: 'EXPIRES', of: (row) => (row.expiresAt === null ? null : exact(row.expiresAt, call.shell.zone)) },
      { header: 'OWNER', of: (row) => row.owner?.name ?? null },
      { header: 'IN WORDS', of: (row) => row.sentence, elastic: true },
      { header: 'SERVICE', of: (row) => row.service, wide: true },
      { header: 'LAST BY', of: (row) => row.lastReviewedBy, wide: true },
    ],
    nameOf: (row) => `${row.subject}/${row.objective}`,
    none:
      state === 'all'
        ? 'No promise says when it is looked at again. Annotate one: mainstay.dev/review-every: 3M'
        : 'No promise is to be looked at.',
  })
  return exitCodes.ok
}

function subjectOf(call: Call, { client }: Api) {
  const { subject, name } = readSubject(needName(call, 'mainstay slo review show checkout-availability'))
  const operations =
    subject === 'objective'
      ? {
          read: client['objectives.review'],
          figures: client['objectives.review-figures'],
          record: client['objectives.record-review'],
        }
      : {
          read: client['journey-objectives.review'],
          figures: client['journey-objectives.review-figures'],
          record: client['journey-objectives.record-review'],
        }
  return { params: { name }, words: `${subject} ${name}`, ...operations }
}

export const showReview: Run = async (call) => {
  const { params, words, ...of } = subjectOf(call, await openApi(call))
  const { terms, reviews } = await of.read({ params })
  const figures = await of.figures({ params })
  const { zone, now } = call.shell
  await printDetail(call, {
    title: `Review of ${words}`,
    facts: [
      ['In words', terms?.sentence ?? 'It has no review cycle and no end.'],
      ['Owner', terms?.owner?.name ?? null],
      ['Due on', terms?.dueOn ?? null],
      ['Expires', terms === null || terms.expiresAt === null ? null : exactAndAgo(terms.expiresAt, zone, now())],
      ...figureFacts(figures, zone),
    ],
    sections: [{ title: 'Earlier', lines: reviews.map((review) => harmless(lineOf(review, zone))) }],
    name: words.replace(' ', '/'),
    document: { terms, figures, reviews },
  })
  return exitCodes.ok
}

function figureFacts(figures: ReviewFigures, zone: string): readonly (readonly [string, string | null])[] {
  const { attained, alerts } = figures
  return [
    ['Target', `${figures.targetText} %`],
    ['Attained', `${attained.text} since ${exact(attained.from, zone)} (${attained.verdict})`],
    ['Measured', percent(attained.measuredRatio)],
    ['Budget left', percent(figures.remainingRatio)],
    // A journey pages nobody itself; of an objective that was never judged nothing is known.
    ['Pages', alerts === null ? null : `${alerts.pages} since ${exact(alerts.from, zone)}, ${alerts.tickets} tickets`],
    ['Precision', alerts === null ? null : `${percent(alerts.precision)} of pages during an incident`],
    ['Recall', alerts === null ? null : `${percent(alerts.recall)} of ${alerts.incidents} incidents paged about`],
    ['Pages of services', String(figures.pagesOfService)],
  ]
}

function lineOf({ at, by, decision, newTargetText, reason, figures }: ObjectiveReview, zone: string): string {
  const decided = newTargetText === null ? decision : `${decision} to ${newTargetText} %`
  return `${exact(at, zone)}  ${by}  ${decided}: ${reason} (target ${figures.targetText} %, attained ${figures.attained.text})`
}

export const recordReview: Run = async (call) => {
  const decision = decisions.find((each) => each === call.options.text('decision'))
  const [reason, target] = [call.options.text('reason'), call.options.text('target')]
  if (decision === undefined) throw usageError('What was decided?', 'Say it: --decision keep, change-target or retire')
  if (reason === null) throw usageError('Why?', 'It stays on record: --reason "…"')
  const { params, words, record } = subjectOf(call, await openApi(call))
  const review = await record({
    params,
    body: { decision, reason, ...(target === null ? {} : { newTarget: target.replace(/ ?%$/, '') }) },
  })
  await printDetail(call, {
    title: `Recorded: ${decision} ${params.name}`,
    facts: [
      ['By', review.by],
      ['Answers for', review.dueOn],
      ['New target', review.newTargetText === null ? null : `${review.newTargetText} %, once a definition says so`],
      ...figureFacts(review.figures, call.shell.zone),
    ],
    sections: [],
    name: words.replace(' ', '/'),
    document: review,
  })
  return exitCodes.ok
}
