// A place in the live stream as text: `xid-id`, what EventSource sends back as Last-Event-ID.
import type { Place } from '../journal.store.ts'

export function formatPlace({ xid, id }: Place): string {
  return `${xid}-${id}`
}

export function parsePlace(text: string): Place | null {
  const [, xid, id] = /^(\d{1,19})-(\d{1,15})$/.exec(text) ?? []
  return xid === undefined || id === undefined ? null : { xid, id: Number(id) }
}

/** Whether `a` lies behind `b`. An xid is a decimal without leading zeros, so the longer one is the larger. */
export function isAfter(a: Place, b: Place): boolean {
  if (a.xid === b.xid) return a.id > b.id
  return a.xid.length === b.xid.length ? a.xid > b.xid : a.xid.length > b.xid.length
}
