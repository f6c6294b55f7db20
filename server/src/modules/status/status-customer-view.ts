// What each customer sees, made from the pages as everybody reads them and from what is told to the customer alone.
import { day } from '../../kernel/duration.ts'
import { plus } from '../../kernel/instant.ts'
import type { Queries } from '../../platform/database/queries.ts'
import { concerns, keyOf, overallOf, type StatusPage, shownDays } from './core/index.ts'
import type { CustomerRow } from './customers.store.ts'
import { listPosts } from './status.store.ts'
import { type CountsOf, componentsOf, type PageView, type PostView, withUpdates } from './status-view.ts'
import { declaredCustomers, viewsAmong } from './usecases/find-page.ts'

/** Of all customers together; a page that shows so many at once is read by nobody. */
const mostPosts = 2_000

const touchedBy = ({ updates }: PostView): readonly string[] => updates.flatMap(({ impacts }) => Object.keys(impacts))

/** Asks the same few questions however many customers there are. */
export async function readCustomerViews(
  queries: Queries,
  countsOf: CountsOf,
  of: { readonly pages: readonly PageView[]; readonly rows: readonly CustomerRow[] },
): Promise<readonly PageView[]> {
  const [some] = of.pages
  if (some === undefined || of.rows.length === 0) return []
  const { asOf } = some
  const whole = of.pages.map((each) => each.page)
  const shown = viewsAmong(whole, of.rows, await declaredCustomers(queries))
  const own = await withUpdates(
    queries,
    await listPosts(queries, shown.map(keyOf), plus(asOf, -shownDays * day), mostPosts),
  )
  const views: PageView[] = []
  for (const page of shown) {
    const told = of.pages.find((each) => each.page.name === page.name)
    const posts = [...own.filter((post) => post.page === keyOf(page)), ...concerning(page, told)]
    posts.sort((a, b) => b.openedAt - a.openedAt)
    const open = posts.filter((post) => post.closedAt === null)
    const components = await componentsOf(page, open, countsOf, asOf)
    const past = posts.filter((post) => post.closedAt !== null)
    views.push({ page, components, open, past, asOf, overall: overallOf(components.map((each) => each.state)) })
  }
  return views
}

function concerning(page: StatusPage, told: PageView | undefined): readonly PostView[] {
  return told === undefined ? [] : [...told.open, ...told.past].filter((post) => concerns(page, touchedBy(post)))
}
