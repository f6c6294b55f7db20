// The page as it is declared, or one customer's view of it.
import { AppError } from '../../../kernel/app-error.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { findResource, listByKind } from '../../catalog/index.ts'
import { mostCustomers, pageFor, readKey, type StatusCustomer, type StatusPage } from '../core/index.ts'
import { type CustomerRow, findCustomer, findCustomerOf, listCustomers } from '../customers.store.ts'
import { readStatusCustomer } from '../kinds/status-customer.ts'
import { readStatusPage } from '../kinds/status-page.ts'

export async function findPage(queries: Queries, name: string): Promise<StatusPage | null> {
  const found = await findResource(queries, { kind: 'StatusPage', name })
  return found === null ? null : readStatusPage(found.document)
}

export async function needPage(queries: Queries, name: string): Promise<StatusPage> {
  const found = await findPage(queries, name)
  if (found === null) throw new AppError('not-found', 'status.unknown-page', `There is no status page "${name}".`)
  return found
}

/** By the key under which posts and subscribers are kept: a page, or a customer's view of it. */
export async function findShown(queries: Queries, key: string): Promise<StatusPage | null> {
  const { page, customer } = readKey(key)
  if (customer === null) return findPage(queries, page)
  const row = await findCustomerOf(queries, customer)
  return row === null ? null : viewOf(queries, row)
}

export async function needShown(queries: Queries, key: string): Promise<StatusPage> {
  const found = await findShown(queries, key)
  if (found !== null) return found
  const { page, customer } = readKey(key)
  throw customer === null
    ? new AppError('not-found', 'status.unknown-page', `There is no status page "${page}".`)
    : new AppError('not-found', 'status.unknown-customer', 'This customer is declared no more.')
}

/** What a customer sees, by its name. */
export async function needCustomerPage(queries: Queries, name: string): Promise<StatusPage> {
  const row = await findCustomer(queries, name)
  const found = row === null ? null : await viewOf(queries, row)
  if (found !== null) return found
  throw new AppError('not-found', 'status.unknown-customer', `There is no customer "${name}".`)
}

/** Every customer's view of a page. */
export async function shownOf(queries: Queries, page: string): Promise<readonly StatusPage[]> {
  const whole = await findPage(queries, page)
  const rows = (await listCustomers(queries)).filter((row) => row.page === page)
  return whole === null || rows.length === 0 ? [] : viewsAmong([whole], rows, await declaredCustomers(queries))
}

/** Of those that are declared and whose page is. */
export function viewsAmong(
  pages: readonly StatusPage[],
  rows: readonly CustomerRow[],
  declared: readonly StatusCustomer[],
): readonly StatusPage[] {
  return rows.flatMap(({ id, name, page }) => {
    const whole = pages.find((each) => each.name === page)
    const customer = declared.find((each) => each.name === name)
    return whole === undefined || customer === undefined ? [] : [pageFor(whole, customer, id)]
  })
}

export async function declaredCustomers(queries: Queries): Promise<readonly StatusCustomer[]> {
  const found = await listByKind(queries, 'StatusCustomer', null, mostCustomers)
  return found.map((each) => readStatusCustomer(each.document))
}

async function viewOf(queries: Queries, { id, name, page }: CustomerRow): Promise<StatusPage | null> {
  const whole = await findPage(queries, page)
  const declared = await findResource(queries, { kind: 'StatusCustomer', name })
  return whole === null || declared === null ? null : pageFor(whole, readStatusCustomer(declared.document), id)
}
