// A page with everything on it, as one value: the HTML, the feeds and the API are made from it.
import { day } from '../../kernel/duration.ts'
import { type Instant, instant, plus } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { listByKind } from '../catalog/index.ts'
import {
  activeImpacts,
  type Component,
  type ComponentState,
  type Overall,
  overallOf,
  type StatusPage,
  shownDays,
  stateOf,
  type Uptime,
  uptimeOf,
} from './core/index.ts'
import { readStatusPage } from './kinds/status-page.ts'
import type { StatusPorts } from './status.ports.ts'
import { listPosts, listUpdates, type PostRow, type UpdateRow } from './status.store.ts'

export interface ComponentView extends Component {
  readonly state: ComponentState
  /** Null when the page names no objective, or one that does not exist. */
  readonly uptime: Uptime | null
}

export interface PostView extends PostRow {
  /** Newest first. */
  readonly updates: readonly UpdateRow[]
}

export interface PageView {
  readonly page: StatusPage
  readonly overall: Overall
  readonly components: readonly ComponentView[]
  readonly open: readonly PostView[]
  readonly past: readonly PostView[]
  readonly asOf: Instant
}

export const mostPages = 100
const mostPosts = 200

/** Counts change by the minute and are dear to add up: they may be some minutes old. */
export type CountsOf = (objective: string, now: Instant) => Promise<Uptime | null>

export function countsFrom(queries: Queries, ports: Pick<StatusPorts, 'dailyCounts'>): CountsOf {
  return async (objective, now) => {
    const today = Math.floor(now / day) * day
    const counts = await ports.dailyCounts(
      queries,
      objective,
      instant(today - (shownDays - 1) * day),
      instant(today + day),
    )
    return counts === null ? null : uptimeOf(counts, now)
  }
}

export async function withUpdates(queries: Queries, posts: readonly PostRow[]): Promise<readonly PostView[]> {
  const ids = posts.map((post) => post.id)
  const updates = ids.length === 0 ? [] : await listUpdates(queries, ids)
  return posts.map((post) => ({ ...post, updates: updates.filter((each) => each.postId === post.id) }))
}

/** How the components of a page stand, and how much of the time they did. */
export async function componentsOf(
  page: StatusPage,
  open: readonly PostView[],
  countsOf: CountsOf,
  now: Instant,
): Promise<readonly ComponentView[]> {
  const impacts = open.map(activeImpacts)
  const components: ComponentView[] = []
  for (const component of page.components) {
    const uptime = component.objective === null ? null : await countsOf(component.objective, now)
    components.push({ ...component, state: stateOf(component.name, impacts), uptime })
  }
  return components
}

export async function readViews(
  queries: Queries,
  countsOf: CountsOf,
  only: string | null,
): Promise<readonly PageView[]> {
  const now = await queries.now()
  const declared = await listByKind(queries, 'StatusPage', null, mostPages)
  const pages = declared
    .map((each) => readStatusPage(each.document))
    .filter((page) => only === null || page.name === only)
  const views: PageView[] = []
  for (const page of pages) {
    const posts = await listPosts(queries, [page.name], plus(now, -shownDays * day), mostPosts)
    const all = await withUpdates(queries, posts)
    const open = all.filter((post) => post.closedAt === null)
    const components = await componentsOf(page, open, countsOf, now)
    const past = all.filter((post) => post.closedAt !== null)
    views.push({ page, components, open, past, asOf: now, overall: overallOf(components.map((each) => each.state)) })
  }
  return views
}
