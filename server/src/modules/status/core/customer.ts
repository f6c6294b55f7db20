// One customer's view of a page: its components, and what is told for it alone beside what is told to everybody.
import type { Component, StatusPage } from './page.ts'

export interface StatusCustomer {
  readonly name: string
  readonly page: string
  /** What its people read: `For Acme`. */
  readonly title: string
  /** A name is a component of the page; the others are the customer's own. */
  readonly components: readonly (string | Component)[]
}

/** What a page shows one customer; a component that the page has no more is left out. */
export function pageFor(page: StatusPage, { name, title, components }: StatusCustomer, id: string): StatusPage {
  const shown = components.flatMap((each) =>
    typeof each === 'string' ? page.components.filter((own) => own.name === each) : [each],
  )
  return { ...page, components: shown, customer: { id, name, title } }
}

/** Under what its posts and subscribers are kept; no page can be named like a customer's part of one. */
export const keyOf = ({ name, customer }: Pick<StatusPage, 'name' | 'customer'>): string =>
  customer === null ? name : `${name}/${customer.id}`

export function readKey(key: string): { readonly page: string; readonly customer: string | null } {
  const [page = '', customer] = key.split('/')
  return { page, customer: customer ?? null }
}

/** What names no component concerns everybody. */
export function concerns(page: Pick<StatusPage, 'components'>, touched: readonly string[]): boolean {
  return touched.length === 0 || page.components.some(({ name }) => touched.includes(name))
}

/** More are drawn again too slowly each minute. */
export const mostCustomers = 500
