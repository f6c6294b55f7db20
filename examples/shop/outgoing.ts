// Calls from one service to another: a time limit on each, and failures told apart the way a gateway tells them.
import { randomBytes } from 'node:crypto'
import { currentTrace, type Workplace } from './http-service.ts'
import { type JsonObject, readObject, textOf } from './json.ts'
import { Refusal } from './refusal.ts'
import { addressVariable, type ServiceName } from './roster.ts'

export interface Call {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  readonly path: string
  /** `/carts/:customer`: the measurement must not hold one series for each customer. */
  readonly template: string
  readonly body?: JsonObject
  readonly timeoutMs: number
}

/** Somebody we depend on did not answer as it should; worth another try. */
export class UpstreamFailure extends Refusal {}

/** The answer of a 2xx. A 4xx is passed on as it is; 5xx becomes 502, no connection 503, no answer in time 504. */
export async function callService(workplace: Workplace, target: ServiceName, call: Call): Promise<JsonObject> {
  const address = workplace.environment[addressVariable(target)]
  if (address === undefined) throw new Error(`${addressVariable(target)} is not set, so ${target} cannot be called.`)
  const url = new URL(call.path, address)
  const began = performance.now()
  const named = {
    'http.request.method': call.method,
    'server.address': target,
    'server.port': Number(url.port),
    'url.template': call.template,
  }
  const took = () => (performance.now() - began) / 1_000
  try {
    const response = await fetch(url, {
      method: call.method,
      headers: { accept: 'application/json', 'content-type': 'application/json', traceparent: traceparent() },
      signal: AbortSignal.timeout(call.timeoutMs),
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    })
    const answer = readObject(await response.text())
    const failed = response.status >= 500 ? { 'error.type': String(response.status) } : {}
    workplace.telemetry.called(took(), { ...named, 'http.response.status_code': response.status, ...failed })
    if (response.status >= 500) {
      throw new UpstreamFailure(502, `${target}-failed`, `The ${target} service answered ${response.status}.`)
    }
    if (response.status >= 400) {
      throw new Refusal(response.status, textOf(answer, 'error') ?? 'refused', textOf(answer, 'message') ?? 'Refused.')
    }
    return answer
  } catch (error) {
    if (error instanceof Refusal) throw error
    const late = error instanceof Error && error.name === 'TimeoutError'
    workplace.telemetry.called(took(), { ...named, 'error.type': late ? 'timeout' : 'connection' })
    throw late
      ? new UpstreamFailure(504, `${target}-slow`, `The ${target} service did not answer within ${call.timeoutMs} ms.`)
      : new UpstreamFailure(503, `${target}-down`, `The ${target} service cannot be reached.`)
  }
}

function traceparent(): string {
  const traceId = currentTrace() ?? randomBytes(16).toString('hex')
  return `00-${traceId}-${randomBytes(8).toString('hex')}-01`
}
