// One HTTP check: every hop of a redirect is judged by egress like a request of its own.
import type { HttpCheck, Observation } from '../../modules/telemetry/core/index.ts'
import type { Egress } from '../../platform/egress/index.ts'
import { connector } from './connector.ts'

const bodyLimit = 256 * 1024
const moved = [301, 302, 303, 307, 308]
/** What belongs to one origin is not carried to another. */
const secretHeaders = ['authorization', 'cookie', 'proxy-authorization']

type Seen = Omit<Extract<Observation, { what: 'http' }>, 'totalMs'>

export async function followHttp(egress: Egress, check: HttpCheck): Promise<Seen> {
  const signal = AbortSignal.timeout(check.timeoutMs)
  const path: string[] = []
  let { url, method, body } = check
  let headers: Record<string, string> = { 'user-agent': 'mainstay-probe', ...check.headers }
  for (;;) {
    const reply = await egress.request({
      connector,
      method,
      url,
      headers,
      ...(body === null ? {} : { body }),
      maxReplyBytes: bodyLimit,
      showRedirects: true,
      timeouts: { headersMs: check.timeoutMs, totalMs: check.timeoutMs },
      signal,
    })
    const found = flat(reply.headers)
    const { location } = found
    const target = location !== undefined && URL.canParse(location, url) ? new URL(location, url) : null
    if (check.redirects === 0 || !moved.includes(reply.status) || target === null)
      return {
        what: 'http',
        status: reply.status,
        headers: found,
        body: textOf(reply.body),
        path,
        tooManyRedirects: false,
      }
    if (path.length >= check.redirects)
      return { what: 'http', status: reply.status, headers: found, body: '', path, tooManyRedirects: true }
    path.push(target.href.slice(0, 500))
    if (target.origin !== new URL(url).origin)
      headers = Object.fromEntries(
        Object.entries(headers).filter(([name]) => !secretHeaders.includes(name.toLowerCase())),
      )
    // As browsers do: what was posted is not posted again, except where 307 and 308 say so.
    if (reply.status < 307 && method === 'POST') [method, body] = ['GET', null]
    url = target.href
  }
}

function flat(headers: Readonly<Record<string, string | readonly string[]>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name.toLowerCase(),
      typeof value === 'string' ? value : value.join(', '),
    ]),
  )
}

/** NUL cannot be kept as text. */
const textOf = (body: Uint8Array): string => new TextDecoder().decode(body).replaceAll('\u0000', '�')
