import { formatInstant } from '../../kernel/instant.ts'
import { type BoundOperation, route } from '../../platform/http/operation.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { keyOf, wordsOf } from './core/index.ts'
import * as contract from './customers.contract.ts'
import { type CustomerRow, findCustomer, listCustomers } from './customers.store.ts'
import { presentPost } from './present-post.ts'
import type { StatusPorts } from './status.ports.ts'
import { readCustomerViews } from './status-customer-view.ts'
import type { Snapshot } from './status-snapshot.ts'
import { countsFrom, type PageView, readViews } from './status-view.ts'
import { countHearing, type Hearing } from './subscribers.store.ts'
import { findPage } from './usecases/find-page.ts'
import { linkCustomer, unlinkCustomer } from './usecases/link-customer.ts'

export function customerRoutes(needs: Needs, ports: StatusPorts, snapshot: Snapshot): readonly BoundOperation[] {
  const { database } = needs
  // Who may change the page says who sees it.
  const teamOf = async (customer: string) => {
    const row = await findCustomer(database, customer)
    return row === null ? null : ((await findPage(database, row.page))?.team ?? null)
  }
  return [
    route(contract.listCustomers, async ({ query }) => {
      const counts = countsFrom(database, ports)
      const pages = await readViews(database, counts, query.page ?? null)
      const rows = (await listCustomers(database)).filter((row) => query.page === undefined || row.page === query.page)
      const views = await readCustomerViews(database, counts, { pages, rows })
      const hearing = await countHearing(database)
      const items = views.flatMap((view) => {
        const row = rows.find((each) => each.id === view.page.customer?.id)
        const whole = pages.find((each) => each.page.name === view.page.name)
        return row === undefined || whole === undefined ? [] : [present(view, { row, whole, hearing })]
      })
      return { items }
    }),
    route(
      contract.makeLink,
      async ({ params, actor }) => {
        const url = await linkCustomer(needs, ports, { name: params.customer, actor })
        await snapshot.refresh()
        return { customer: params.customer, url }
      },
      async ({ params }) => teamOf(params.customer),
    ),
    route(
      contract.revokeLink,
      async ({ params, actor }) => {
        await unlinkCustomer(needs, { name: params.customer, actor })
        await snapshot.refresh()
        return null
      },
      async ({ params }) => teamOf(params.customer),
    ),
  ]
}

interface Around {
  readonly row: CustomerRow
  readonly whole: PageView
  readonly hearing: readonly Hearing[]
}

function present(view: PageView, { row, whole, hearing }: Around) {
  const { page, overall, components } = view
  const { linkedAt, linkedBy } = row
  const heard = hearing.find((each) => each.page === keyOf(page))
  const alone = (post: { readonly page: string }) => post.page === keyOf(page)
  return {
    name: row.name,
    title: page.customer?.title ?? row.name,
    page: page.name,
    state: overall.state,
    sentence: wordsOf.en.overall(overall.state, overall.all),
    components: components.map(({ name, title, state }) => ({
      ...{ name, title, state },
      own: !whole.page.components.some((each) => each.name === name),
    })),
    link: linkedAt === null ? null : { madeAt: formatInstant(linkedAt), madeBy: linkedBy ?? '' },
    subscribers: { confirmed: heard?.confirmed ?? 0, waiting: heard?.waiting ?? 0, paused: heard?.paused ?? 0 },
    open: view.open.filter(alone).map((post) => presentPost(post, row.name)),
    past: view.past.filter(alone).map((post) => presentPost(post, row.name)),
  }
}
