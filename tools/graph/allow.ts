// What the rules let through, each with its reason. A shorter list is a better list.

/** npm packages that compute and reach nothing: the only ones a `core/` may import. */
export const purePackages: ReadonlySet<string> = new Set([
  're2js', // regular expressions of RE2: no time, no state of its own
  'rrule-temporal', // recurrence rules (RFC 5545) over Temporal; computes from what it is given
  'temporal-polyfill', // zone arithmetic; its Temporal.Now is refused by the clock rule
  'canonicalize', // RFC 8785 JSON for hashes
])

export interface Grant {
  /** A file, or a folder with its closing slash. */
  readonly where: string
  readonly what: ReadonlySet<string>
  readonly because: string
}

/** Modules that open sockets. Everything else asks `platform/egress`. */
export const networkModules: ReadonlySet<string> = new Set([
  ...['http', 'https', 'http2', 'net', 'tls', 'dns', 'dgram'],
  ...['undici', 'nodemailer', 'axios', 'got', 'node-fetch', 'ws', 'web-push', 'openid-client'],
])

/** Names of `node:net` that only look at text. */
export const harmlessNames: ReadonlySet<string> = new Set(['isIP', 'isIPv4', 'isIPv6', 'BlockList', 'SocketAddress'])

export const networkCalls: ReadonlySet<string> = new Set([
  'fetch',
  'XMLHttpRequest',
  'WebSocket',
  'EventSource',
  'navigator.sendBeacon',
])

const all: ReadonlySet<string> = new Set([...networkModules, ...networkCalls])

export const networkGrants: readonly Grant[] = [
  { where: 'server/src/platform/egress/', what: all, because: 'the one door to the outside' },
  {
    where: 'server/src/platform/http/',
    what: new Set(['http', 'https', 'net', 'tls']),
    because: 'listens for requests',
  },
  { where: 'server/src/platform/database/', what: new Set(['net', 'tls']), because: 'the connections to PostgreSQL' },
  {
    where: 'server/src/integrations/',
    what: new Set(['net', 'tls', 'dns', 'nodemailer', 'web-push', 'openid-client']),
    because:
      'protocols egress does not speak: SMTP, TCP, TLS and DNS probes; push and OIDC build requests that egress sends',
  },
  {
    where: 'server/src/integrations/probing/',
    what: new Set(['http2']),
    because: 'asks gRPC services over a connection that egress opened',
  },
  {
    where: 'server/src/integrations/oidc/',
    what: new Set(['fetch', 'openid-client']),
    because: 'hands the `fetch` it was given by egress to the library',
  },
  {
    where: 'cli/src/connection/',
    what: new Set(['fetch', 'undici']),
    because: 'the way of the commands to the server, proxies included',
  },
  {
    where: 'client/src/',
    what: new Set(['fetch', 'EventSource']),
    because: 'the client of the API and its live stream',
  },
  {
    where: 'web/src/early.ts',
    what: new Set(['fetch']),
    because: 'asks before the console’s script, and with it the client, is there',
  },
  { where: 'web/src/shell/early-fetch.ts', what: new Set(['fetch']), because: 'is the `fetch` of the client' },
  { where: 'web/src/service-worker.ts', what: new Set(['fetch']), because: 'answers a push while no page is open' },
  { where: 'examples/', what: all, because: 'the demo shop is a set of outside systems' },
  { where: 'bench/', what: all, because: 'load generators stand outside the product' },
  { where: 'tools/', what: all, because: 'builds and checks; never shipped' },
]

/** Where `as` may turn what came from outside into a type. */
export const castGrants: readonly Grant[] = [
  { where: 'server/src/kernel/', what: new Set(), because: 'brands are made here' },
  { where: 'server/src/platform/', what: new Set(), because: 'the edge to libraries' },
  { where: 'server/src/integrations/', what: new Set(), because: 'the edge to outside systems' },
  { where: 'client/src/', what: new Set(), because: 'the edge to the wire; the types come from openapi.json' },
  { where: 'web/src/parts/', what: new Set(), because: 'the edge to the DOM' },
  { where: 'examples/', what: new Set(), because: 'not the product' },
  { where: 'bench/', what: new Set(), because: 'not the product' },
]

/** Where the clock and chance come from. */
export const clockGrants: readonly Grant[] = [
  { where: 'server/src/platform/', what: new Set(), because: 'hands the clock and chance to everything else' },
  { where: 'client/src/', what: new Set(), because: 'back-off of the live stream' },
  { where: 'web/src/parts/', what: new Set(), because: 'the one ticking clock of the console' },
  { where: 'web/src/shell/', what: new Set(), because: 'starts the console' },
  { where: 'cli/', what: new Set(), because: 'a command line asks the clock of its machine' },
  { where: 'runner/', what: new Set(), because: 'a process of its own on the machine of the user' },
  { where: 'examples/', what: new Set(), because: 'not the product' },
  { where: 'bench/', what: new Set(), because: 'measures time' },
  { where: 'tools/', what: new Set(), because: 'never shipped' },
]

/** Imports of what only the running process knows, so that no reader can tell where they lead. */
export const computedImportGrants: readonly Grant[] = [
  { where: 'server/src/platform/database/', what: new Set(), because: 'finds the PostgreSQL binaries of this machine' },
  { where: 'tools/', what: new Set(), because: 'generators load what exists' },
]

export function granted(grants: readonly Grant[], path: string, what?: string): boolean {
  return grants.some((each) => covers(each.where, path) && (what === undefined || each.what.has(what)))
}

const covers = (where: string, path: string): boolean => (where.endsWith('/') ? path.startsWith(where) : path === where)
