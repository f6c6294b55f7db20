// The review: who is asked, what they decide of which text, what they ask; and whether it may be published.
import { createHash } from 'node:crypto'
import { AppError } from '../../../kernel/app-error.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { EventType } from '../../../platform/journal/journal.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import { findIncident } from '../../incidents/index.ts'
import { listActionsOf } from '../actions.store.ts'
import {
  canonicalJson,
  judgeReview,
  type ReviewDecision,
  type ReviewRule,
  type ReviewStanding,
  ruleFor,
  type SectionKey,
} from '../core/index.ts'
import { readPolicyOfReviews } from '../kinds/postmortem-policy.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'
import { listSections, type PostmortemRow } from '../postmortems.store.ts'
import * as contract from '../review.contract.ts'
import * as store from '../review.store.ts'
import { dataOf, entryOf, loadOpen, loadPostmortem, type Order } from './postmortem-entry.ts'

type Ports = Pick<PostmortemsPorts, 'remind'>

const mostReviewers = 50
const mostComments = 500

/** What people look at: when it changes, they look again. Facts are frozen and of their own hash. */
export async function textHashOf(queries: Queries, row: PostmortemRow): Promise<string> {
  const sections = await listSections(queries, row.id)
  const actions = await listActionsOf(queries, [row.id])
  const content = {
    title: row.title,
    frozenAt: row.facts.frozenAt ?? null,
    factors: row.factors.map((each) => ({ ...each, leadsTo: [...each.leadsTo] })),
    sections: Object.fromEntries(sections.map((each) => [each.section, each.body])),
    actions: actions
      .filter((each) => each.state !== 'dropped')
      .map(({ title, kind, owner }) => ({ title, kind, owner })),
  }
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

export async function boardOf(queries: Queries, { reviewers, team }: ReviewRule): Promise<readonly string[]> {
  const found = team === null ? null : await findResource(queries, { kind: 'Team', name: team })
  const members = found?.document.spec.members
  const ofTeam = Array.isArray(members) ? members.filter((each) => typeof each === 'string') : []
  return [...new Set([...reviewers, ...ofTeam])]
}

export interface Standing extends ReviewStanding {
  readonly textHash: string
}

export async function standingOf(queries: Queries, row: PostmortemRow): Promise<Standing> {
  const rule = ruleFor(await readPolicyOfReviews(queries), row.severity).review
  const textHash = await textHashOf(queries, row)
  const open = await store.countOpenComments(queries, [row.id])
  const judged = judgeReview({
    ...{ rule, board: await boardOf(queries, rule), owner: row.owner, textHash },
    reviewers: await store.listReviewers(queries, [row.id]),
    openComments: open.get(row.id) ?? 0,
  })
  return { ...judged, textHash }
}

/** Published is what those who must look at it approved, as it stands now. */
export async function checkReviewed(tx: Tx, row: PostmortemRow): Promise<void> {
  const { ready, sentence, missing } = await standingOf(tx, row)
  if (ready) return
  throw new AppError('conflict', 'postmortems.review-missing', `It is not reviewed yet: ${sentence}`, {
    faults: missing.map((person) => ({ pointer: '/review', detail: `${person} has not approved it.` })),
  })
}

/** It goes to review: whom the policy names are asked, and whoever decided on an earlier text is told again. */
export async function askBoard(tx: Tx, needs: Needs, ports: Ports, row: PostmortemRow, order: Order): Promise<void> {
  const rule = ruleFor(await readPolicyOfReviews(tx), row.severity).review
  const board = await boardOf(tx, rule)
  const known = await store.listReviewers(tx, [row.id])
  const textHash = await textHashOf(tx, row)
  for (const person of new Set([...known.map((each) => each.person), ...board])) {
    if (person === row.owner) continue
    const before = known.find((each) => each.person === person)
    if (before?.decision === 'approved' && before.textHash === textHash) continue
    await ask(tx, needs, ports, { row, order, person, askedBy: before === undefined ? null : before.askedBy })
  }
}

interface Asked {
  readonly row: PostmortemRow
  readonly order: Order
  readonly person: string
  readonly askedBy: string | null
}

async function ask(tx: Tx, needs: Needs, ports: Ports, { row, order, person, askedBy }: Asked): Promise<void> {
  const askedAt = await tx.now()
  await store.insertReviewer(tx, { postmortemId: row.id, person, askedBy, askedAt })
  const incident = await findIncident(tx, row.incidentId)
  await ports.remind?.(tx, {
    occasion: `postmortem-review ${row.id} ${row.version}`,
    person,
    because: 'You are asked to review a postmortem.',
    head: `Postmortem ${row.number} waits for your review (${row.severity})`,
    // The title of a restricted incident leaves the house in no message.
    sentence: incident?.kind === 'security' ? 'It is of a restricted incident.' : row.title,
    path: `/postmortems/${row.id}`,
  })
  await tell(tx, needs, contract.reviewAsked, { row, order, person })
}

export async function askForReview(
  needs: Needs,
  ports: Ports,
  order: Order & { readonly person: string },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    if ((await findResource(tx, { kind: 'Person', name: order.person })) === null)
      throw new AppError('invalid', 'postmortems.unknown-person', `There is no person ${order.person}.`, {
        faults: [{ pointer: '/person', detail: 'The name of a Person of the catalog.' }],
      })
    if ((await store.listReviewers(tx, [row.id])).length >= mostReviewers)
      throw new AppError(
        'limited',
        'postmortems.too-many-reviewers',
        `A postmortem has ${mostReviewers} reviewers at most.`,
      )
    await ask(tx, needs, ports, { row, order, person: order.person, askedBy: order.by })
    return row
  })
}

export async function decideOnReview(
  needs: Needs,
  order: Order & { readonly decision: ReviewDecision; readonly reason: string | null; readonly textHash: string },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadPostmortem(tx, order)
    if (row.status !== 'review')
      throw new AppError('conflict', 'postmortems.not-in-review', 'It is not in review. Its authors send it there.')
    if (order.decision === 'changes' && (order.reason ?? '').trim() === '')
      throw new AppError('invalid', 'postmortems.reason-missing', 'Say what is to be changed.')
    const textHash = await textHashOf(tx, row)
    if (textHash !== order.textHash)
      throw new AppError('conflict', 'postmortems.edited', 'It was changed since you read it. Read it again.')
    const { decision, reason, by } = order
    await store.saveDecision(tx, { postmortemId: row.id, person: by, decision, reason, at: await tx.now(), textHash })
    await tell(tx, needs, contract.reviewDecided[decision], {
      row,
      order,
      person: by,
      ...(reason === null ? {} : { reason }),
    })
    return row
  })
}

export async function commentOn(
  needs: Needs,
  order: Order & { readonly section: SectionKey | null; readonly body: string },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    if ((await store.listComments(tx, row.id)).length >= mostComments)
      throw new AppError('limited', 'postmortems.too-many-comments', `A postmortem holds ${mostComments} comments.`)
    const { section, body, by } = order
    await store.insertComment(tx, { id: needs.newId(), postmortemId: row.id, section, body, by, at: await tx.now() })
    await tell(tx, needs, contract.commentAdded, { row, order, person: by })
    return row
  })
}

export async function answerComment(
  needs: Needs,
  order: Order & { readonly comment: string; readonly resolved: boolean },
): Promise<PostmortemRow> {
  return needs.database.transaction(async (tx) => {
    const row = await loadOpen(tx, order)
    const done = order.resolved ? { by: order.by, at: await tx.now() } : { by: null, at: null }
    if (!(await store.resolveCommentRow(tx, { id: order.comment, postmortemId: row.id, ...done })))
      throw new AppError('not-found', 'postmortems.unknown-comment', 'There is no such comment.')
    await tell(tx, needs, contract.commentResolved, { row, order, person: order.by })
    return row
  })
}

interface Told {
  readonly row: PostmortemRow
  readonly order: Order
  readonly person: string
  readonly reason?: string
}

type PersonEvent = EventType<ReturnType<typeof dataOf> & { readonly person: string }>

async function tell(tx: Tx, needs: Needs, event: PersonEvent, { row, order, person, reason }: Told): Promise<void> {
  await needs.journal.publish(tx, event, {
    ...(await entryOf(tx, row, order.actor, reason, [{ kind: 'person', id: person }])),
    data: { ...dataOf(row), person },
  })
}
