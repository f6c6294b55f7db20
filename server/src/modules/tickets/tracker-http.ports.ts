// How every tracker is spoken to: one JSON request through egress, and what its answer, or none, says about the act.
import { AppError } from '../../kernel/app-error.ts'
import { type Egress, mayHaveArrived, type Reply, readRetryAfter } from '../../platform/egress/index.ts'
import type { TrackerName, TrackerOutcome, TrackerSettings } from './tickets.ports.ts'

/** A page of a hundred issues with their texts. */
const longestReply = 8 * 1_048_576
const timeouts = { headersMs: 6_000, totalMs: 8_000 } as const

export interface TrackerCall {
  readonly tracker: TrackerName
  readonly title: string
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: object
}

export interface Answered {
  readonly status: number
  /** Null for an empty body. */
  readonly json: unknown
}

type Send = Pick<Egress, 'request'>

export async function callTracker(egress: Send, call: TrackerCall): Promise<TrackerOutcome<Answered>> {
  const { tracker, method, url, headers, body } = call
  let reply: Reply
  try {
    reply = await egress.request({
      connector: tracker,
      method,
      url,
      headers: {
        accept: 'application/json',
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
      timeouts,
      maxReplyBytes: longestReply,
    })
  } catch (error) {
    return judgeFailure(call, error)
  }
  return judgeReply(call, reply)
}

function judgeFailure({ title, method }: TrackerCall, error: unknown): TrackerOutcome<Answered> {
  if (!(error instanceof AppError)) throw error
  const because = `${title}: ${error.message}`
  if (error.code === 'egress.redirected')
    return { kind: 'refused', because: `${title} says that this moved to another address: connect it with that one.` }
  if (mayHaveArrived(error))
    return method === 'GET' ? { kind: 'wait', because, afterMs: null } : { kind: 'lost', because }
  if (error.kind === 'unavailable' || error.kind === 'conflict') return { kind: 'wait', because, afterMs: null }
  return { kind: 'refused', because }
}

function judgeReply(call: TrackerCall, reply: Reply): TrackerOutcome<Answered> {
  const { title, method } = call
  const { status } = reply
  const json = jsonOf(reply)
  if (status >= 200 && status < 300) {
    if (json !== undefined && reply.complete) return { kind: 'done', value: { status, json } }
    const because = `${title} gave an answer that cannot be read.`
    return method === 'GET' ? { kind: 'wait', because, afterMs: null } : { kind: 'lost', because }
  }
  const words = wordsOf(json)
  const said = words === '' ? '' : ` ${words}`
  const askedMs = askedWaitOf(reply)
  if (status === 429 || (status === 403 && askedMs !== null))
    return { kind: 'wait', because: `${title} asks us to slow down.`, afterMs: askedMs ?? 60_000 }
  if (status === 401)
    return {
      kind: 'wait',
      because: `${title} does not take the token: connect it again under Settings, Trackers.${said}`,
      afterMs: 300_000,
    }
  if (status === 503) return { kind: 'wait', because: `${title} is not available.${said}`, afterMs: askedMs }
  if (status >= 500) {
    const because = `${title} answered ${status}.${said}`
    return method === 'GET' ? { kind: 'wait', because, afterMs: askedMs } : { kind: 'lost', because }
  }
  const because = `${title} refused with ${status}.${said}`
  return status === 404 || status === 410 ? { kind: 'refused', because, gone: true } : { kind: 'refused', because }
}

function jsonOf(reply: Reply): unknown {
  if (reply.body.length === 0) return null
  try {
    return JSON.parse(reply.body.toString('utf8'))
  } catch {
    return undefined
  }
}

/** `Retry-After`, or the time at which the hour begins anew (GitHub, GitLab, ServiceNow), by the tracker's own clock. */
function askedWaitOf({ headers }: Reply): number | null {
  const text = (name: string): string | undefined => {
    const value = headers[name]
    return typeof value === 'string' ? value : undefined
  }
  const theirNow = Date.parse(text('date') ?? '')
  const after = readRetryAfter(text('retry-after'), Number.isNaN(theirNow) ? 0 : theirNow)
  if (after !== null) return after
  const remaining = text('x-ratelimit-remaining') ?? text('ratelimit-remaining')
  const reset = text('x-ratelimit-reset') ?? text('ratelimit-reset')
  if (remaining !== '0' || reset === undefined || !/^\d{9,11}$/.test(reset) || Number.isNaN(theirNow)) return null
  return Math.max(1_000, Number(reset) * 1_000 - theirNow)
}

/** The tracker's own sentence, however it wraps it. */
function wordsOf(json: unknown): string {
  const found: string[] = []
  const walk = (value: unknown, depth: number): void => {
    if (typeof value === 'string') found.push(value)
    else if (typeof value === 'object' && value !== null && depth < 4)
      for (const [name, each] of Object.entries(value))
        if (!/url|status|type|self|resource|^id$/i.test(name)) walk(each, depth + 1)
  }
  walk(json, 0)
  return found
    .join(' ')
    .replace(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 300)
}

export type JsonFields = Readonly<Record<string, unknown>>

export function fieldsOf(value: unknown): JsonFields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : ''
}

/** One that is not there is gone only if its project is still shown: else our token has lost its right. */
export async function sureThatGone<Value>(
  outcome: TrackerOutcome<Value>,
  project: () => Promise<TrackerOutcome<Answered>>,
): Promise<TrackerOutcome<Value>> {
  if (outcome.kind !== 'refused' || outcome.gone !== true) return outcome
  const shown = await project()
  if (shown.kind === 'done') return outcome
  if (shown.kind === 'refused')
    return { kind: 'wait', because: `The project is not shown to us. ${shown.because}`, afterMs: 300_000 }
  return shown
}

/** Of a request whose answer says no more than that it was done. */
export function acknowledged(outcome: TrackerOutcome<Answered>): TrackerOutcome {
  return outcome.kind === 'done' ? { kind: 'done', value: null } : outcome
}

/** With a user the token is a password of theirs. */
export function bearerOrBasic({ user, token }: Pick<TrackerSettings, 'user' | 'token'>): string {
  return user === null ? `Bearer ${token}` : `Basic ${Buffer.from(`${user}:${token}`).toString('base64')}`
}

/** Of what people copy: `12`, `#12`, `owner/project#12`, or the address of an issue of this very project; else null. */
export function issueNumber(written: string, { site, project }: IssuePlace): string | null {
  const text = written.trim()
  const [, named, bare] = /^(?:(\S{1,200}?)?#)?(\d{1,10})$/.exec(text) ?? []
  if (bare !== undefined) return named === undefined || isSame(named, project) ? plainNumber(bare) : null
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null
  const { host, pathname } = new URL(text)
  const [, place = '', number] =
    /^(.{1,400}?)(?:\/-)?\/(?:issues|work_items)\/(\d{1,10})\/?$/.exec(host + pathname) ?? []
  return number !== undefined && isSame(decoded(place), `${site}/${project}`) ? plainNumber(number) : null
}

/** `007` is the same issue as `7`. */
const plainNumber = (digits: string): string => String(Number(digits))

interface IssuePlace {
  /** Where people's browsers go: the host, with its port and the path before projects if there are any. */
  readonly site: string
  readonly project: string
}

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase()

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

/** Turns an answer into what was asked for; an answer that is not what the documentation says is no answer. */
export function readAnswer<Value>(
  outcome: TrackerOutcome<Answered>,
  read: (json: unknown) => Value | null,
  title: string,
): TrackerOutcome<Value> {
  if (outcome.kind !== 'done') return outcome
  const value = read(outcome.value.json)
  return value === null
    ? { kind: 'lost', because: `${title} gave an answer that says neither yes nor no.` }
    : { kind: 'done', value }
}
