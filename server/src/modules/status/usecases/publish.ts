// Publishing on a page: the first words about an incident or maintenance, every update, and what the clock does.
import { type Actor, automation } from '../../../kernel/actor.ts'
import { AppError, type Fault } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { addWork, cancelWork } from '../../../platform/work/due-work.store.ts'
import { findIncident } from '../../incidents/index.ts'
import { findOccurrences } from '../../maintenance/index.ts'
import {
  decidePost,
  decideUpdate,
  type Impacts,
  keyOf,
  type PostKind,
  type PostPlan,
  type PostState,
  type PostVerdict,
  type StatusPage,
  sayIn,
  type Translations,
  turnMaintenance,
} from '../core/index.ts'
import { fanOut, statusPublished, statusUpdated, turnMaintenance as turnJob } from '../status.contract.ts'
import type { StatusPorts } from '../status.ports.ts'
import {
  countRevision,
  countUpdates,
  insertPost,
  insertUpdate,
  lockPost,
  type PostRow,
  savePost,
} from '../status.store.ts'
import { findShown, needShown } from './find-page.ts'

/** What an incident of the house may be named on a page; a restricted one may not at all. */
export async function needIncident(queries: Queries, id: string) {
  const incident = await findIncident(queries, id)
  if (incident === null || incident.kind === 'security' || incident.kind === 'drill')
    throw new AppError(
      'not-found',
      'status.unknown-incident',
      'There is no such incident, or it is restricted or a drill.',
    )
  return incident
}

export interface PublishOrder {
  /** Its key: a page, or a customer's view of one. */
  readonly page: string
  readonly kind: PostKind
  readonly title: string
  readonly titles: Translations
  readonly state: PostState
  readonly body: string
  readonly bodies: Translations
  readonly impacts: Impacts
  readonly incident: string | null
  readonly plan: PostPlan | null
  readonly notify: boolean
  readonly actor: Actor
  /** Of the first update; a new one unless said. */
  readonly updateId?: string
}

export async function publishPost(
  needs: Needs,
  ports: Pick<StatusPorts, 'personOf'>,
  order: PublishOrder,
): Promise<string> {
  const author = await ports.personOf(needs.database, order.actor)
  return needs.database.transaction((tx) => publishPostIn(tx, needs, { ...order, author }))
}

export async function publishPostIn(
  tx: Tx,
  needs: Needs,
  { author, ...order }: PublishOrder & { readonly author: string },
): Promise<string> {
  const page = await needShown(tx, order.page)
  const services = order.incident === null ? [] : (await needIncident(tx, order.incident)).services
  const verdict = allowed(decidePost(page, order))
  needLanguages(page, order)
  const { kind, title, titles, state, plan } = order
  const id = needs.newId()
  const now = await tx.now()
  await insertPost(tx, {
    id,
    page: keyOf(page),
    kind,
    title,
    titles,
    incidentId: order.incident,
    state,
    startsAt: plan?.startsAt ?? null,
    endsAt: plan?.endsAt ?? null,
    impacts: verdict.impacts,
    closedAt: verdict.closes ? now : null,
    createdBy: author,
  })
  if (plan !== null)
    await addWork(tx, turnJob, { id }, { key: id, dueAt: state === 'scheduled' ? plan.startsAt : plan.endsAt })
  const told = { id, title, incidentId: order.incident }
  await say(tx, needs, told, { ...order, page, impacts: verdict.impacts, author, services, event: statusPublished })
  return id
}

export interface UpdateOrder {
  readonly id: string
  /** Of the update; a new one unless said. */
  readonly updateId?: string
  readonly state: PostState
  readonly body: string
  readonly bodies: Translations
  /** Null keeps what the update before said. */
  readonly impacts: Impacts | null
  readonly notify: boolean
  readonly actor: Actor
}

export async function updatePost(
  needs: Needs,
  ports: Pick<StatusPorts, 'personOf'>,
  order: UpdateOrder,
): Promise<void> {
  const author = await ports.personOf(needs.database, order.actor)
  await needs.database.transaction((tx) => updatePostIn(tx, needs, { ...order, author }))
}

export async function updatePostIn(
  tx: Tx,
  needs: Needs,
  order: UpdateOrder & { readonly author: string },
): Promise<void> {
  const post = await lockPost(tx, order.id)
  if (post === null) throw new AppError('not-found', 'status.unknown-post', 'Nothing with this id was published.')
  await moveOn(tx, needs, post, order)
}

/** The caller holds the post's row. */
export async function moveOn(
  tx: Tx,
  needs: Needs,
  post: PostRow,
  order: UpdateOrder & { readonly author: string },
): Promise<void> {
  const page = await needShown(tx, post.page)
  needLanguages(page, { titles: {}, bodies: order.bodies })
  const { kind, state } = post
  const updates = await countUpdates(tx, post.id)
  // What is over hurts nothing, whatever was said before; else silence about components leaves them as they were.
  const kept = Object.fromEntries(
    Object.entries(post.impacts).filter(([name]) => page.components.some((each) => each.name === name)),
  )
  const closes = ['resolved', 'completed', 'cancelled'].includes(order.state)
  const impacts = order.impacts ?? (closes ? {} : kept)
  const verdict = allowed(
    decideUpdate(page, { kind, state, closed: post.closedAt !== null, updates }, { state: order.state, impacts }),
  )
  const now = await tx.now()
  await savePost(tx, {
    id: post.id,
    state: order.state,
    impacts: verdict.impacts,
    closedAt: verdict.closes ? now : null,
  })
  if (verdict.closes) await cancelWork(tx, turnJob, post.id)
  else if (order.state === 'in_progress' && post.endsAt !== null)
    await addWork(tx, turnJob, { id: post.id }, { key: post.id, dueAt: post.endsAt })
  const services = post.incidentId === null ? [] : ((await findIncident(tx, post.incidentId))?.services ?? [])
  await say(tx, needs, post, { ...order, page, impacts: verdict.impacts, services, event: statusUpdated })
}

/** A maintenance begins and ends by the clock; a person may do either earlier, or cancel it. */
export async function turnByClock(needs: Needs, id: string): Promise<void> {
  await needs.database.transaction(async (tx) => {
    const post = await lockPost(tx, id)
    if (post === null || post.closedAt !== null) return
    const [declared] = post.maintenanceId === null ? [] : await findOccurrences(tx, [post.maintenanceId])
    // Moved a moment ago: what follows the declaration says so, and sets the clock anew.
    const { startsAt, endsAt } = declared ?? post
    const turn = turnMaintenance({ state: post.state, startsAt, endsAt }, await tx.now())
    if (turn === null) return
    const actor = automation('status.turn-maintenance')
    const page = await findShown(tx, post.page)
    // A customer that is declared no more reads nothing.
    if (page === null) return
    const said = { state: turn.state, ...sayIn(page.languages, page.zone, turn.saying) }
    await moveOn(tx, needs, post, { id, ...said, impacts: null, notify: true, actor, author: 'Mainstay' })
  })
}

export interface Said {
  readonly page: StatusPage
  readonly updateId?: string
  readonly state: PostState
  readonly body: string
  readonly bodies: Translations
  readonly impacts: Impacts
  readonly notify: boolean
  readonly actor: Actor
  readonly author: string
  readonly services: readonly string[]
  readonly event: typeof statusPublished
}

/** One more update of a post, told to whoever wants to hear. */
export async function say(
  tx: Tx,
  needs: Needs,
  post: Pick<PostRow, 'id' | 'title' | 'incidentId'>,
  said: Said,
): Promise<void> {
  const { page, state, body, bodies, impacts, author } = said
  const id = said.updateId ?? needs.newId()
  const update = await insertUpdate(tx, { id, postId: post.id, state, body, bodies, impacts, author })
  await countRevision(tx)
  if (said.notify) await addWork(tx, fanOut, { update: update.id, after: null }, { key: update.id })
  await needs.journal.publish(tx, said.event, {
    actor: said.actor,
    subject: { kind: 'status-page', id: page.name },
    links: [
      ...(post.incidentId === null ? [] : [{ kind: 'incident', id: post.incidentId }]),
      ...said.services.map((id) => ({ kind: 'service', id })),
    ],
    data: {
      ...{ page: page.name, post: post.id, title: post.title, state, body },
      ...(page.customer === null ? {} : { customer: page.customer.name }),
      ...(post.incidentId === null ? {} : { incident: post.incidentId }),
    },
  })
}

/** A translation into a language nobody can choose would be read by nobody. */
function needLanguages(page: StatusPage, said: { readonly titles: Translations; readonly bodies: Translations }): void {
  const [first, ...others] = page.languages
  const faults = (['titles', 'bodies'] as const).flatMap((field) =>
    Object.keys(said[field])
      .filter((each) => !others.some((other) => other === each))
      .map((each) => ({
        pointer: `/${field}/${each}`,
        detail:
          each === first
            ? `"${each}" is the first language of the page: its text is the title and the body.`
            : `The page is not read in "${each}". Add it to its languages.`,
      })),
  )
  if (faults.length > 0) throw refused(faults)
}

function allowed(verdict: PostVerdict): Extract<PostVerdict, { ok: true }> {
  if (verdict.ok) return verdict
  throw refused(verdict.faults)
}

function refused(faults: readonly Fault[]): AppError {
  return new AppError('invalid', 'status.post-refused', faults[0]?.detail ?? 'The page cannot say this.', { faults })
}

/** When a plan is given, both ends are. */
export function planOf(startsAt: Instant | null, endsAt: Instant | null): PostPlan | null {
  if (startsAt === null && endsAt === null) return null
  if (startsAt !== null && endsAt !== null) return { startsAt, endsAt }
  throw refused([
    { pointer: startsAt === null ? '/startsAt' : '/endsAt', detail: 'A maintenance needs its beginning and its end.' },
  ])
}
