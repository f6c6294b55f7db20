// What is published on a page: an incident or a maintenance, update by update.
import type { Fault } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Impacts, StatusPage } from './page.ts'

export const incidentStates = ['investigating', 'identified', 'monitoring', 'resolved'] as const
export const maintenanceStates = ['scheduled', 'in_progress', 'completed', 'cancelled'] as const
export const postStates = [...incidentStates, ...maintenanceStates] as const
export type PostState = (typeof postStates)[number]
export const postKinds = ['incident', 'maintenance'] as const
export type PostKind = (typeof postKinds)[number]

const closing: ReadonlySet<PostState> = new Set(['resolved', 'completed', 'cancelled'])
export const isClosing = (state: PostState): boolean => closing.has(state)

/** An update after the hundredth helps nobody who reads the page. */
export const mostUpdates = 100

export interface PostPlan {
  readonly startsAt: Instant
  readonly endsAt: Instant
}

export interface PostStanding {
  readonly kind: PostKind
  readonly state: PostState
  readonly closed: boolean
  readonly updates: number
}

export interface UpdateOrder {
  readonly state: PostState
  readonly impacts: Impacts
}

export type PostVerdict =
  | { readonly ok: true; readonly impacts: Impacts; readonly closes: boolean }
  | { readonly ok: false; readonly faults: readonly Fault[] }

const no = (pointer: string, detail: string): PostVerdict => ({ ok: false, faults: [{ pointer, detail }] })

/** What a first publication may say. */
export function decidePost(
  page: StatusPage,
  order: UpdateOrder & { readonly kind: PostKind; readonly plan: PostPlan | null },
): PostVerdict {
  const { kind, state, plan } = order
  if (kind === 'maintenance') {
    if (plan === null) return no('/startsAt', 'A maintenance needs its beginning and its end.')
    if (plan.endsAt <= plan.startsAt) return no('/endsAt', 'A maintenance ends after it begins.')
    if (state !== 'scheduled' && state !== 'in_progress')
      return no('/state', 'A maintenance begins scheduled or in progress.')
  } else {
    if (plan !== null) return no('/startsAt', 'Only a maintenance has a plan.')
    if (!isIncidentState(state)) return no('/state', `An incident is ${incidentStates.join(', ')}.`)
  }
  return judgeImpacts(page, order)
}

/** What the next update of a post may say. */
export function decideUpdate(page: StatusPage, post: PostStanding, order: UpdateOrder): PostVerdict {
  if (post.closed) return no('/state', 'This is over. Publish a new one.')
  if (post.updates >= mostUpdates) return no('/body', `There are ${mostUpdates} updates already. Publish a new one.`)
  if (post.kind === 'incident' ? !isIncidentState(order.state) : isIncidentState(order.state))
    return no('/state', `A ${post.kind} cannot be ${order.state}.`)
  if (order.state === 'scheduled' && post.state !== 'scheduled')
    return no('/state', 'What has begun cannot be scheduled again.')
  return judgeImpacts(page, order)
}

function isIncidentState(state: PostState): boolean {
  return incidentStates.some((each) => each === state)
}

function judgeImpacts(page: StatusPage, { state, impacts }: UpdateOrder): PostVerdict {
  const known = new Set(page.components.map((each) => each.name))
  const named = Object.keys(impacts)
  const unknown = named.filter((name) => !known.has(name))
  if (unknown.length > 0)
    return {
      ok: false,
      faults: unknown.map((name) => ({ pointer: `/impacts/${name}`, detail: `The page has no component "${name}".` })),
    }
  if (!isClosing(state)) return { ok: true, impacts, closes: false }
  // Over means over: a component that still hurts belongs to something that is still open.
  const hurt = named.find((name) => impacts[name] !== 'operational')
  if (hurt !== undefined)
    return no(`/impacts/${hurt}`, 'The last update sets every component operational; leave impacts out.')
  return { ok: true, impacts: {}, closes: true }
}

/** A maintenance touches its components only while it is under way. */
export function activeImpacts(post: {
  readonly kind: PostKind
  readonly state: PostState
  readonly impacts: Impacts
}): Impacts {
  return post.kind === 'maintenance' && post.state === 'scheduled' ? {} : post.impacts
}

/** What the product itself says of a maintenance; the words are those of the page. */
export interface Saying {
  readonly say: 'begun' | 'over' | 'early' | 'cancelled' | 'begun-until' | 'longer' | 'shorter' | 'moved'
  readonly from: Instant | null
  readonly to: Instant | null
}

const saying = (say: Saying['say'], from: Instant | null = null, to: Instant | null = null): Saying => ({
  say,
  from,
  to,
})

export type TurnVerdict = { readonly state: PostState; readonly saying: Saying } | null

/** What the clock does to a maintenance by itself; null when nothing. */
export function turnMaintenance(
  post: { readonly state: PostState; readonly startsAt: Instant | null; readonly endsAt: Instant | null },
  now: Instant,
): TurnVerdict {
  if (post.state === 'scheduled' && post.startsAt !== null && now >= post.startsAt)
    return { state: 'in_progress', saying: saying('begun') }
  if (post.state === 'in_progress' && post.endsAt !== null && now >= post.endsAt)
    return { state: 'completed', saying: saying('over') }
  return null
}

/** How a declared maintenance stands. */
export interface MaintenanceStanding {
  readonly state: 'scheduled' | 'in_progress' | 'completed' | 'cancelled'
  readonly startsAt: Instant
  readonly endsAt: Instant
}

/** What a post says next to be true to its maintenance; null when it is, or when a person has closed it. */
export function decideMaintenance(
  post: {
    readonly state: PostState
    readonly startsAt: Instant | null
    readonly endsAt: Instant | null
    readonly closedAt: Instant | null
  },
  now: MaintenanceStanding,
): TurnVerdict {
  if (post.closedAt !== null) return null
  const { state, startsAt, endsAt } = now
  if (state === 'cancelled') return { state, saying: saying('cancelled') }
  if (state === 'completed') return { state, saying: saying(endsAt === post.endsAt ? 'over' : 'early') }
  const moved = startsAt !== post.startsAt || endsAt !== post.endsAt
  if (state === 'in_progress') {
    if (post.state === 'scheduled')
      return { state, saying: moved ? saying('begun-until', null, endsAt) : saying('begun') }
    if (!moved) return null
    const longer = post.endsAt !== null && endsAt > post.endsAt
    return { state, saying: saying(longer ? 'longer' : 'shorter', null, endsAt) }
  }
  return moved && post.state === 'scheduled' ? { state, saying: saying('moved', startsAt, endsAt) } : null
}
