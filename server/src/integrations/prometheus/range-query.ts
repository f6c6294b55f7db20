// Reads ranges from anything that speaks the Prometheus HTTP API: Prometheus, Thanos, Mimir, VictoriaMetrics.
// Translates only: a sample stays what the server said, and whatever is not a whole answer is a failure.
import { AppError } from '../../kernel/app-error.ts'
import { type Instant, instant } from '../../kernel/instant.ts'

export interface RangeQuery {
  readonly url: string
  readonly query: string
  readonly from: Instant
  readonly to: Instant
  /** Null: the samples of a plain selector as they were scraped, after `from` up to `to`. Else its value at each step. */
  readonly stepMs: number | null
}

export interface RangeSeries {
  readonly labels: Readonly<Record<string, string>>
  /** NaN and infinities included: the server did say something. */
  readonly samples: readonly { readonly at: Instant; readonly value: number }[]
}

export type RangeAnswer =
  | { readonly state: 'read'; readonly series: readonly RangeSeries[] }
  | {
      readonly state: 'failed'
      /** `too-much`: the same over a shorter range may succeed. */
      readonly because: 'unreachable' | 'bad-answer' | 'partial' | 'refused' | 'too-much'
      readonly detail: string
    }

/** 11,000 samples of a series is what Prometheus gives at most; a thousand series of 500 samples are some 16 MB. */
export const replyLimit = 16 * 1024 * 1024

export async function queryRange(send: typeof globalThis.fetch, query: RangeQuery): Promise<RangeAnswer> {
  const { path, body } = requestOf(query)
  let reply: Response
  let text: string
  try {
    reply = await send(`${query.url.replace(/\/+$/, '')}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: body.toString(),
    })
    text = await reply.text()
  } catch (error) {
    if (error instanceof AppError && error.code === 'egress.reply-incomplete') return failed('too-much', error.message)
    return failed('unreachable', error instanceof Error ? error.message : String(error))
  }
  const answer = parse(text)
  if (reply.status === 400 || reply.status === 422) {
    const error = typeof answer?.error === 'string' ? answer.error : `HTTP ${reply.status}`
    return failed(tooMuch.test(error) ? 'too-much' : 'refused', error)
  }
  if (reply.status === 401 || reply.status === 403)
    return failed('refused', `HTTP ${reply.status}: the server does not accept the credentials of the data source.`)
  if (!reply.ok) return failed('unreachable', `HTTP ${reply.status}`)
  if (answer === null || answer.status !== 'success' || !isObject(answer.data))
    return failed('bad-answer', 'The answer is no query result.')
  // Thanos and Mimir answer with what they have when a part of them is away, and say so in a warning.
  if (Array.isArray(answer.warnings) && answer.warnings.length > 0) return failed('partial', String(answer.warnings[0]))
  if (answer.data.resultType !== 'matrix' || !Array.isArray(answer.data.result))
    return failed('bad-answer', 'The query gives no series over time.')
  const series = answer.data.result.map(readSeries)
  return series.some((each) => each === null)
    ? failed('bad-answer', 'A series of the answer cannot be read.')
    : { state: 'read', series: series.filter((each) => each !== null) }
}

// Prometheus: «query processing would load too many samples into memory». Mimir and Thanos: «exceeds the limit».
const tooMuch = /too many samples|exceeded maximum resolution|exceeds the limit|maximum number of/i

function requestOf({ query, from, to, stepMs }: RangeQuery): { path: string; body: URLSearchParams } {
  const seconds = (ms: number) => (ms / 1000).toFixed(3)
  if (stepMs === null)
    return {
      path: '/api/v1/query',
      body: new URLSearchParams({ query: `${query.trim()}[${to - from}ms]`, time: seconds(to) }),
    }
  return {
    path: '/api/v1/query_range',
    body: new URLSearchParams({ query, start: seconds(from), end: seconds(to), step: seconds(stepMs) }),
  }
}

const failed = (because: Extract<RangeAnswer, { state: 'failed' }>['because'], detail: string): RangeAnswer => ({
  state: 'failed',
  because,
  detail: detail.slice(0, 300),
})

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

function parse(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

function readSeries(value: unknown): RangeSeries | null {
  if (!isObject(value) || !isObject(value.metric) || !Array.isArray(value.values)) return null
  const labels = Object.entries(value.metric).flatMap(([name, label]) =>
    typeof label === 'string' ? [[name, label] as const] : [],
  )
  const samples = value.values.map((pair: unknown) => {
    if (!Array.isArray(pair) || typeof pair[0] !== 'number' || typeof pair[1] !== 'string') return null
    const text = pair[1]
    const number = /^[+-]?inf/i.test(text) ? (text.startsWith('-') ? -Infinity : Infinity) : Number(text)
    return { at: instant(Math.round(pair[0] * 1000)), value: number }
  })
  return samples.some((sample) => sample === null)
    ? null
    : { labels: Object.fromEntries(labels), samples: samples.filter((sample) => sample !== null) }
}
