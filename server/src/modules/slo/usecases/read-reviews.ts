// Objectives to look at, and what reviews came to.
import { formatInstant, type Instant, plus } from '../../../kernel/instant.ts'
import type { Rational } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findServices } from '../../catalog/index.ts'
import {
  dayNameOf,
  expiryState,
  expiryWarnedMs,
  type ReviewDecision,
  type ReviewOwner,
  reviewState,
} from '../core/review-terms.ts'
import { everyInWords, termsSentence } from '../core/review-words.ts'
import { formatTarget } from '../core/sentence.ts'
import { subjectView } from '../core/subject.ts'
import type { ObjectiveReview, ObjectiveTerms, ReviewFilter } from '../reviews.contract.ts'
import { type ListedTerms, listReviewsOf, listTerms, type ReviewRow, servicesWithTerms } from '../reviews.store.ts'
import { needSubject } from './need-subject.ts'

export interface ReviewsAsked {
  readonly state: ReviewFilter
  readonly objective?: string
  readonly service: string | null
  readonly owner: string | null
}

export async function describeReviews(
  queries: Queries,
  asked: ReviewsAsked,
  after: { readonly order: number; readonly objective: string } | null,
  limit: number,
): Promise<readonly { readonly row: ListedTerms; readonly shown: ObjectiveTerms }[]> {
  const now = await queries.now()
  const { owner, ...filter } = asked
  const rows = await listTerms(
    queries,
    {
      ...filter,
      owner: owner === null ? null : { name: owner, services: await servicesOf(queries, owner) },
      now,
      soonUntil: plus(now, expiryWarnedMs[0]),
    },
    after,
    limit,
  )
  const teams = await teamsOf(
    queries,
    rows.flatMap((row) => row.service ?? []),
  )
  return rows.map((row) => ({ row, shown: presentTerms(row, teamOf(row, teams), now) }))
}

/** Of its service, or the journey's own. */
export const teamOf = ({ service, team }: ListedTerms, teams: ReadonlyMap<string, string | null>): string | null =>
  service === null ? team : (teams.get(service) ?? null)

/** By service. */
export async function teamsOf(
  queries: Queries,
  services: readonly string[],
): Promise<ReadonlyMap<string, string | null>> {
  return new Map((await findServices(queries, [...new Set(services)])).map((each) => [each.name, each.team]))
}

async function servicesOf(queries: Queries, team: string): Promise<readonly string[]> {
  const teams = await teamsOf(queries, await servicesWithTerms(queries))
  return [...teams].filter(([, each]) => each === team).map(([service]) => service)
}

export const ownerOf = (row: Pick<ListedTerms, 'owner'>, team: string | null): ReviewOwner | null =>
  row.owner ?? (team === null ? null : { kind: 'team', name: team })

export function presentTerms(row: ListedTerms, team: string | null, now: Instant): ObjectiveTerms {
  const { dueOn, soonAt, overdueAt, expiresAt, lastReview, target } = row
  const due =
    dueOn === null || soonAt === null || overdueAt === null
      ? null
      : { on: dueOn, overdueAt, state: reviewState({ soonAt, overdueAt }, now) }
  const expiry = expiresAt === null ? null : { at: expiresAt, state: expiryState(expiresAt, now) }
  const pending = pendingOf(lastReview, target)
  const words = {
    every: row.every,
    due,
    expiry,
    pending: pending === null ? null : { ...pending, on: dayNameOf(pending.at) },
  }
  return {
    ...subjectView(row.objective),
    displayName: row.displayName,
    service: row.service,
    team,
    targetText: target === null ? '' : shownTarget(target),
    owner: row.every === null ? null : ownerOf(row, team),
    everyText: everyInWords(row.every),
    dueOn,
    review: due?.state ?? 'none',
    lastReviewedAt: lastReview === null ? null : formatInstant(lastReview.at),
    lastReviewedBy: lastReview?.by ?? null,
    expiresAt: expiresAt === null ? null : formatInstant(expiresAt),
    expiry: expiry?.state ?? 'none',
    pending:
      pending === null
        ? null
        : { decision: pending.decision, newTargetText: pending.newTarget, at: formatInstant(pending.at) },
    sentence: termsSentence(words, now),
  }
}

type Pending = Pick<ReviewRow, 'at' | 'newTarget'> & { readonly decision: Exclude<ReviewDecision, 'keep'> }

/** What was decided and is not so yet: the objective is still there, or still promises what it did then. */
function pendingOf(last: ListedTerms['lastReview'], target: Rational | null): Pending | null {
  if (last === null || last.decision === 'keep') return null
  const { at, decision, newTarget, targetText } = last
  // Another target than that of the review was decided in the meantime, be it this one or a third.
  if (decision === 'change-target' && target !== null && shownTarget(target) !== targetText) return null
  return { at, decision, newTarget }
}

const shownTarget = (target: Rational): string => formatTarget(target).replace(' %', '')

export function presentReview(row: ReviewRow): ObjectiveReview {
  return {
    id: row.id,
    ...subjectView(row.objective),
    at: formatInstant(row.at),
    by: row.by,
    decision: row.decision,
    reason: row.reason,
    newTargetText: row.newTarget,
    dueOn: row.dueOn,
    figures: row.figures,
  }
}

const mostShown = 50

/** Of an objective by its name, or of a journey by its key. */
export async function readReviewsOf(
  queries: Queries,
  key: string,
): Promise<{ terms: ObjectiveTerms | null; reviews: ObjectiveReview[] }> {
  await needSubject(queries, key)
  const asked = { state: 'all', objective: key, service: null, owner: null } as const
  const [found] = await describeReviews(queries, asked, null, 1)
  const reviews = await listReviewsOf(queries, key, mostShown)
  return { terms: found?.shown ?? null, reviews: reviews.map(presentReview) }
}
