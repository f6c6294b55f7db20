// A host name of a page's own: how it is written, what its DNS must say, and what of the page is reached under which path.
import { day } from '../../../kernel/duration.ts'
import type { Instant } from '../../../kernel/instant.ts'

const label = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?'
export const hostPattern = `^(?:${label}\\.){1,8}[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$`
const hostName = new RegExp(hostPattern)

/** Of a `Host` header, which anybody may write: lower case, without port and last dot; null when it is no name. */
export function readHost(header: string | undefined): string | null {
  if (header === undefined || header.length > 260) return null
  const host = header
    .toLowerCase()
    .replace(/:\d{1,5}$/, '')
    .replace(/\.$/, '')
  return host.length <= 253 && hostName.test(host) ? host : null
}

/** Where its owner puts the proof. */
export const proofName = (host: string): string => `_mainstay.${host}`
export const proofText = (token: string): string => `mainstay-page=${token}`

export interface HostRecords {
  readonly txt: readonly string[]
  readonly cname: readonly string[]
}

export interface HostStanding {
  readonly verifiedAt: Instant | null
  readonly because: string | null
  readonly failingSince: Instant | null
}

const keepMs = 3 * day

/** Its owner has shown it by a TXT record, or by pointing the name at this installation. Null records: nobody answered. */
export function judgeHost(
  wanted: { readonly host: string; readonly token: string; readonly ours: string | null },
  records: HostRecords | null,
  before: HostStanding,
  now: Instant,
): HostStanding {
  const { host, token, ours } = wanted
  // Whatever its DNS says: the console would be reached by nobody any more.
  if (host === ours)
    return {
      verifiedAt: null,
      because: 'Mainstay itself answers under this name. Choose one of its own for the page.',
      failingSince: before.failingSince ?? now,
    }
  const led = records?.cname.some((each) => readHost(each) === ours && ours !== null) ?? false
  if (led || (records?.txt.includes(proofText(token)) ?? false))
    return { verifiedAt: before.verifiedAt ?? now, because: null, failingSince: null }
  const because =
    records === null
      ? 'Its name servers did not answer.'
      : `Neither a TXT record ${proofName(host)} nor a CNAME of ${host} says that it is for this page.`
  const failingSince = before.failingSince ?? now
  // A name server that is away, or a record somebody removed by mistake, takes no page away at once.
  const kept = before.verifiedAt !== null && now - failingSince < keepMs
  return { verifiedAt: kept ? before.verifiedAt : null, because, failingSince }
}

const ofThePage =
  /^(?:\/c\/[\w-]{1,200})?\/(?:history|subscribe|feed\.atom|feed\.rss|maintenance\.ics|brand\.css|images\/(?:logo|icon))$|^\/c\/[\w-]{1,200}$/
const ofLinks = /^\/status\/(?:page\.css|(?:confirm|unsubscribe)\/[^/]+)$/

/** What an address under the page's own host stands for; all that is not of the page leads nowhere, the console least of all. */
export function pathUnder(page: string, url: string): string {
  const end = url.search(/[?#]/)
  const path = end === -1 ? url : url.slice(0, end)
  const rest = end === -1 ? '' : url.slice(end)
  const base = `/status/${page}`
  if (path === '/' || path === '') return `${base}${rest}`
  if (ofLinks.test(path) || path === base) return url
  if (ofThePage.test(path)) return `${base}${url}`
  if (path.startsWith(`${base}/`) && ofThePage.test(path.slice(base.length))) return url
  return '/status/-'
}
