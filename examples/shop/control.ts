// Breaking and repairing the shop from another process; `mainstay demo` is a thin layer over this.
import type { FaultMode } from './fault.ts'
import { isObject, readObject, textOf } from './json.ts'
import { controlPort, type ServiceName } from './roster.ts'
import type { ShopStatus } from './supervisor.ts'

export { type Fault, type FaultMode, faultMeanings, faultModes } from './fault.ts'
export { isServiceName, roster, type ServiceName, serviceNames } from './roster.ts'
export type { ShopStatus } from './supervisor.ts'

export interface ControlOptions {
  /** Default: `SHOP_CONTROL_URL`, else http://127.0.0.1:4199. */
  readonly controlUrl?: string
}

export interface FaultDetails {
  /** errors: share of the requests that fail, above 0, at most 1. */
  readonly ratio?: number
  /** latency, in milliseconds. */
  readonly addedMs?: number
  readonly jitterMs?: number
  /** leak. */
  readonly bytesPerSecond?: number
}

/** The shop refused, or is not there; the message says which and what to do. */
export class ShopControlError extends Error {
  readonly reason: 'not-running' | 'refused'

  constructor(reason: 'not-running' | 'refused', message: string) {
    super(message)
    this.name = 'ShopControlError'
    this.reason = reason
  }
}

// A release waits for the old process to drain and for the new one to listen.
const timeoutMs = 45_000

export function breakService(
  service: ServiceName,
  mode: FaultMode = 'errors',
  options: ControlOptions & FaultDetails = {},
): Promise<ShopStatus> {
  const { controlUrl: _address, ...details } = options
  return ask('/break', options, { service, mode, ...details })
}

/** Without a name, everything. */
export function repair(service?: ServiceName, options: ControlOptions = {}): Promise<ShopStatus> {
  return ask('/repair', options, service === undefined ? {} : { service })
}

export function status(options: ControlOptions = {}): Promise<ShopStatus> {
  return ask('/status', options)
}

async function ask(path: string, options: ControlOptions, order?: object): Promise<ShopStatus> {
  const base = options.controlUrl ?? process.env.SHOP_CONTROL_URL ?? `http://127.0.0.1:${controlPort}`
  let response: Response
  try {
    response = await fetch(new URL(path, base), {
      signal: AbortSignal.timeout(timeoutMs),
      headers: { 'x-shop-control': '1', 'content-type': 'application/json' },
      ...(order === undefined ? {} : { method: 'POST', body: JSON.stringify(order) }),
    })
  } catch {
    throw new ShopControlError('not-running', `The shop does not answer at ${base}. "npm start" starts it.`)
  }
  const answer: unknown = readObject(await response.text())
  if (isStatus(answer)) return answer
  const why = isObject(answer) ? textOf(answer, 'error') : null
  throw new ShopControlError('refused', why ?? `${base}${path} answered ${response.status}.`)
}

function isStatus(answer: unknown): answer is ShopStatus {
  return isObject(answer) && Array.isArray(answer.services) && isObject(answer.customers)
}
