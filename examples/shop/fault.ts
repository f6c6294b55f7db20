// The ways to break a service, and what each does to the requests that arrive.
import { setTimeout as wait } from 'node:timers/promises'
import { isObject, numberOf, textOf } from './json.ts'
import type { Random } from './random.ts'

export const faultModes = ['errors', 'latency', 'dead', 'leak', 'bad-release'] as const
export type FaultMode = (typeof faultModes)[number]

export const faultMeanings: Readonly<Record<FaultMode, string>> = {
  errors: 'a share of the requests fails with 500 (default 0.6)',
  latency: 'every request takes longer (default 800 ms, give or take 200)',
  dead: 'the process is killed and stays down until it is repaired',
  leak: 'memory grows and slows every request, until the memory limit kills the process, again and again',
  'bad-release': 'version 1.5.0 is rolled out, and it fails for some of the requests',
}

export type Fault =
  | { readonly mode: 'errors'; readonly ratio: number }
  | { readonly mode: 'latency'; readonly addedMs: number; readonly jitterMs: number }
  | { readonly mode: 'leak'; readonly bytesPerSecond: number }
  | { readonly mode: 'dead' }
  | { readonly mode: 'bad-release' }

export type FaultReading = { readonly fault: Fault } | { readonly refused: string }

/** Reads `{mode, ratio?, addedMs?, jitterMs?, bytesPerSecond?}` and fills in the defaults. */
export function readFault(input: unknown): FaultReading {
  const order = isObject(input) ? input : {}
  const mode = textOf(order, 'mode')
  switch (mode) {
    case 'errors':
      return bounded(order, 'ratio', 0.6, 1, (ratio) => ({ mode, ratio }))
    case 'latency':
      return bounded(order, 'addedMs', 800, 60_000, (addedMs) => ({
        mode,
        addedMs,
        jitterMs: Math.min(numberOf(order, 'jitterMs') ?? addedMs / 4, addedMs),
      }))
    case 'leak':
      return bounded(order, 'bytesPerSecond', 4 * mebibyte, 64 * mebibyte, (bytesPerSecond) => ({
        mode,
        bytesPerSecond,
      }))
    case 'dead':
    case 'bad-release':
      return { fault: { mode } }
    default:
      return { refused: `There is no mode "${mode ?? ''}"; the modes are ${faultModes.join(', ')}.` }
  }
}

function bounded(
  order: Readonly<Record<string, unknown>>,
  key: string,
  preset: number,
  limit: number,
  make: (value: number) => Fault,
): FaultReading {
  const value = order[key] === undefined ? preset : numberOf(order, key)
  return value === null || value <= 0 || value > limit
    ? { refused: `"${key}" has to be a number above 0 and at most ${limit}.` }
    : { fault: make(value) }
}

const mebibyte = 1_048_576
const leakStepMs = 250
// Stands in for the collector's pauses on a swollen heap without heating the laptop: 60 MiB cost 300 ms.
const delayMsPerMebibyte = 5

export interface FaultSwitch {
  set(fault: Fault | null): void
  current(): Fault | null
  /** Delays the request as the fault wants; true when the request has to fail. */
  disturb(): Promise<boolean>
}

export function openFaultSwitch(random: Random): FaultSwitch {
  let active: Fault | null = null
  let leaked: Buffer[] = []
  let leakedBytes = 0
  let leaking: NodeJS.Timeout | null = null

  const set = (fault: Fault | null) => {
    if (leaking !== null) clearInterval(leaking)
    leaking = null
    leaked = []
    leakedBytes = 0
    active = fault
    if (fault?.mode !== 'leak') return
    const step = Math.ceil((fault.bytesPerSecond * leakStepMs) / 1_000)
    leaking = setInterval(() => {
      // Filled with ones: untouched pages would not count as resident.
      leaked.push(Buffer.alloc(step, 1))
      leakedBytes += step
    }, leakStepMs)
    leaking.unref()
  }

  return {
    set,
    current: () => active,
    async disturb() {
      if (active === null) return false
      if (active.mode === 'errors') return random.next() < active.ratio
      if (active.mode === 'latency') await wait(active.addedMs + (random.next() * 2 - 1) * active.jitterMs)
      if (active.mode === 'leak') await wait((leakedBytes / mebibyte) * delayMsPerMebibyte)
      return false
    },
  }
}
