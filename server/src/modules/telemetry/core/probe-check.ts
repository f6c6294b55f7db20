// What a probe asks and what it must find. One event for each check: good, or bad with the reason a person reads.
import { RE2JS } from 're2js'
import { day, formatDuration } from '../../../kernel/duration.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'

interface Every {
  readonly timeoutMs: number
  /** A slower answer is bad. */
  readonly withinMs: number | null
}

export interface HttpCheck extends Every {
  readonly kind: 'http'
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
  /** Empty: any below 400, and 3xx only when redirects are not followed. */
  readonly statuses: readonly number[]
  readonly bodyContains: string | null
  readonly bodyMatches: string | null
  readonly expectHeaders: Readonly<Record<string, string>>
  readonly redirects: number
}

export interface TcpCheck extends Every {
  readonly kind: 'tcp'
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly send: string | null
  readonly expect: string | null
}

export const recordTypes = ['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT'] as const
export type RecordType = (typeof recordTypes)[number]

export interface DnsCheck extends Every {
  readonly kind: 'dns'
  readonly name: string
  readonly type: RecordType
  /** Null: the resolvers of this machine. */
  readonly server: string | null
  readonly answers: readonly string[]
}

export interface TlsCheck extends Every {
  readonly kind: 'tls'
  readonly host: string
  readonly port: number
  readonly expiresBeforeMs: number
}

export interface GrpcCheck extends Every {
  readonly kind: 'grpc'
  readonly host: string
  readonly port: number
  readonly tls: boolean
  readonly service: string
}

export interface HeartbeatCheck extends Every {
  readonly kind: 'heartbeat'
  readonly schedule: string | null
  readonly zone: string
  readonly graceMs: number
}

export type AskedCheck = HttpCheck | TcpCheck | DnsCheck | TlsCheck | GrpcCheck
export type ProbeCheck = AskedCheck | HeartbeatCheck

/** What came back. `seen` is what a person wants to look at when it is bad. */
export type Observation = { readonly totalMs: number } & (
  | { readonly what: 'failed'; readonly detail: string; readonly timedOut: boolean }
  | {
      readonly what: 'http'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: string
      /** Where it was sent on to, in order. */
      readonly path: readonly string[]
      readonly tooManyRedirects: boolean
    }
  | { readonly what: 'tcp'; readonly said: string }
  | { readonly what: 'dns'; readonly answers: readonly string[] }
  | {
      readonly what: 'tls'
      readonly problem: string | null
      readonly validTo: Instant | null
      readonly subject: string
      readonly issuer: string
    }
  | { readonly what: 'grpc'; readonly serving: boolean; readonly detail: string }
)

export interface Verdict {
  readonly good: boolean
  readonly status: number | null
  readonly totalMs: number
  readonly reason: string
  readonly evidence: Readonly<Record<string, string>>
}

const shown = 500

export function judgeCheck(check: AskedCheck, seen: Observation, now: Instant): Verdict {
  const { totalMs } = seen
  const verdict = (
    good: boolean,
    reason: string,
    evidence: Verdict['evidence'] = {},
    status: number | null = null,
  ) => ({
    good,
    status,
    totalMs,
    reason: reason.slice(0, shown),
    evidence,
  })
  if (seen.what === 'failed')
    return verdict(false, seen.timedOut ? `No answer within ${formatDuration(check.timeoutMs)}.` : seen.detail)
  const found = judgeContent(check, seen, now)
  const late =
    found.good && check.withinMs !== null && totalMs > check.withinMs
      ? `Took ${totalMs} ms, more than ${formatDuration(check.withinMs)}.`
      : null
  return verdict(late === null && found.good, late ?? found.reason, found.evidence, found.status ?? null)
}

interface Content {
  readonly good: boolean
  readonly reason: string
  readonly evidence: Verdict['evidence']
  readonly status?: number
}

function judgeContent(check: AskedCheck, seen: Exclude<Observation, { what: 'failed' }>, now: Instant): Content {
  if (check.kind === 'http' && seen.what === 'http') return judgeHttp(check, seen)
  if (check.kind === 'tcp' && seen.what === 'tcp') {
    const evidence: Verdict['evidence'] = seen.said === '' ? {} : { said: seen.said.slice(0, shown) }
    const good = check.expect === null || seen.said.includes(check.expect)
    return { good, reason: good ? 'Connected.' : 'Connected, and the expected words did not come.', evidence }
  }
  if (check.kind === 'dns' && seen.what === 'dns') {
    const missing = check.answers.find((each) => !seen.answers.includes(each))
    const evidence = { answers: seen.answers.join(', ').slice(0, shown) }
    if (seen.answers.length === 0) return { good: false, reason: `No ${check.type} record.`, evidence }
    if (missing !== undefined) return { good: false, reason: `${missing} is not among the answers.`, evidence }
    return { good: true, reason: `${seen.answers.length} ${check.type} records.`, evidence }
  }
  if (check.kind === 'tls' && seen.what === 'tls') return judgeCertificate(check, seen, now)
  if (check.kind === 'grpc' && seen.what === 'grpc') return { good: seen.serving, reason: seen.detail, evidence: {} }
  return { good: false, reason: 'The answer belongs to another kind of check.', evidence: {} }
}

function judgeHttp(check: HttpCheck, seen: Extract<Observation, { what: 'http' }>): Content {
  const { status, body, headers, path } = seen
  const why = whyHttpBad(check, seen)
  const where: Verdict['evidence'] = path.length === 0 ? {} : { redirects: path.join(' → ').slice(0, 2 * shown) }
  // The start of a bad answer often says what is wrong; good ones are not kept.
  const answer: Verdict['evidence'] =
    why === null ? {} : { body: body.slice(0, shown), contentType: headers['content-type']?.slice(0, 100) ?? '' }
  return { good: why === null, reason: why ?? `Answered ${status}.`, evidence: { ...where, ...answer }, status }
}

function whyHttpBad(check: HttpCheck, seen: Extract<Observation, { what: 'http' }>): string | null {
  const { status, body, headers } = seen
  if (seen.tooManyRedirects) return `Redirected more than ${check.redirects} times.`
  if (!(check.statuses.length === 0 ? status < 400 : check.statuses.includes(status)))
    return `Answered ${status} instead of ${check.statuses.length === 0 ? 'a success' : check.statuses.join(' or ')}.`
  for (const [name, expected] of Object.entries(check.expectHeaders))
    if (headers[name.toLowerCase()]?.includes(expected) !== true)
      return `The header ${name} is not ${expected.slice(0, 100)}.`
  if (check.bodyContains !== null && !body.includes(check.bodyContains)) return 'The body lacks the expected text.'
  if (check.bodyMatches !== null && !RE2JS.compile(check.bodyMatches).matcher(body).find())
    return 'The body does not match the expression.'
  return null
}

function judgeCertificate(
  { expiresBeforeMs }: TlsCheck,
  { problem, validTo, subject, issuer }: Extract<Observation, { what: 'tls' }>,
  now: Instant,
): Content {
  const evidence = { subject, issuer, validTo: validTo === null ? '' : formatInstant(validTo) }
  if (problem !== null) return { good: false, reason: `The certificate is not trusted: ${problem}.`, evidence }
  if (validTo === null) return { good: false, reason: 'The certificate does not say when it ends.', evidence }
  const days = Math.floor((validTo - now) / day)
  const good = validTo - now > expiresBeforeMs
  return { good, reason: `The certificate ends in ${days} ${days === 1 ? 'day' : 'days'}.`, evidence }
}

export interface Beat {
  readonly at: Instant
  readonly good: boolean
  readonly note: string
}

/** At the end of the grace after a run was due: one sign of life since the last look makes it good. */
export function judgeBeat(beat: Beat | null, since: Instant | null, due: Instant, graceMs: number): Verdict {
  const verdict = (good: boolean, reason: string, evidence: Verdict['evidence'] = {}) => ({
    good,
    status: null,
    totalMs: 0,
    reason,
    evidence,
  })
  if (beat === null || (since !== null && beat.at <= since))
    return verdict(
      false,
      `No sign of life for the run at ${formatInstant(due)}, ${formatDuration(graceMs)} of grace included.`,
      beat === null ? {} : { lastBeat: formatInstant(beat.at) },
    )
  const evidence: Verdict['evidence'] = beat.note === '' ? {} : { note: beat.note.slice(0, shown) }
  return beat.good
    ? verdict(true, `Heard at ${formatInstant(beat.at)}.`, evidence)
    : verdict(false, `Reported a failure at ${formatInstant(beat.at)}.`, evidence)
}
