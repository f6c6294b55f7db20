// Golden signals of a service in a terminal. What was not measured says so; it is never a zero.
import type { ServiceSignals, SignalPercentile, SignalPoint } from '../../../../client/src/operations.gen.ts'
import { type Api, openApi } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { needName, printDetail } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { ago, exact } from '../../print/times.ts'

const hourMs = 3_600_000
const shownPoints = 24

export const showSignals: Run = async (call) => {
  const name = needName(call, 'mainstay signals checkout', 'SERVICE')
  const { shell, options } = call
  const to = options.time('to', shell.now()) ?? new Date(shell.now()).toISOString()
  const from = options.time('from', shell.now()) ?? new Date(Date.parse(to) - hourMs).toISOString()
  const api = await openApi(call)
  const told = await api.client['telemetry.signals']({ params: { name }, query: { from, to } })
  await printDetail(call, {
    title: `signals of ${name}`,
    facts: [...factsOf(told, shell.now()), ['Percentiles', told.bound]],
    sections: [
      {
        title: `In steps of ${told.stepMs / 60_000} min, newest first`,
        lines: [...told.points]
          .reverse()
          .slice(0, shownPoints)
          .map((each) => lineOf(each, shell.zone)),
      },
      { title: 'Left out', lines: told.findings.map((each) => harmless(`${each.count} points: ${each.sentence}`)) },
    ],
    name: `signals/${name}`,
    document: told,
  })
  return exitCodes.ok
}

const titles = { traffic: 'Traffic', errors: 'Errors', latency: 'Latency', saturation: 'Saturation' } as const

/** Each signal with its newest value, or what is missing. */
function factsOf(told: ServiceSignals, now: number): [string, string][] {
  return told.signals.map(({ signal, state, lastAt, sentence }) => {
    const value = newestOf(told, signal)
    if (state === 'never') return [titles[signal], `never told. ${sentence}`]
    const age = state === 'silent' ? `, silent since ${ago(lastAt, now)}` : ''
    return [titles[signal], harmless(`${value ?? 'not measured in this time'}${age}`)]
  })
}

function newestOf({ points }: ServiceSignals, signal: ServiceSignals['signals'][number]['signal']): string | null {
  for (const point of [...points].reverse()) {
    const said = wordsOf(point)[signal]
    if (said !== null) return said
  }
  return null
}

function wordsOf({ traffic, errors, latency, saturation }: SignalPoint) {
  return {
    traffic: traffic === null ? null : `${rounded(traffic.perSecond)}/s`,
    errors: errors === null ? null : errors.ratio === null ? 'no requests' : `${rounded(errors.ratio * 100)} %`,
    latency:
      latency === null ? null : `p50 ${spanOf(latency.p50)}, p90 ${spanOf(latency.p90)}, p99 ${spanOf(latency.p99)}`,
    saturation: saturation === null ? null : `${saturation.of} ${rounded(saturation.highest * 100)} %`,
  }
}

function lineOf(point: SignalPoint, zone: string): string {
  const { traffic, errors, latency, saturation } = wordsOf(point)
  const at = exact(point.start, zone)
  if (point.state === 'gap' && saturation === null) return `${at}  not measured`
  const part = point.state === 'partial' ? ' (in part)' : ''
  return `${at}  ${traffic ?? 'traffic not measured'}${part}  errors ${errors ?? 'not told'}  ${latency ?? 'no latency'}  ${saturation ?? ''}`.trimEnd()
}

/** Three figures that say something. */
const rounded = (value: number): string => String(value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))

const timeOf = (seconds: number): string => (seconds < 1 ? `${rounded(seconds * 1_000)} ms` : `${rounded(seconds)} s`)

/** A narrow range is a value with what it may be off by, a wide one the range itself. */
export function spanOf({ low, high, seconds, error }: SignalPercentile): string {
  if (high === null || seconds === null || error === null) return `> ${timeOf(low)}`
  if (low === 0) return `<= ${timeOf(high)}`
  return error > 0.1 ? `${timeOf(low)} to ${timeOf(high)}` : `${timeOf(seconds)} ±${rounded(error * 100)} %`
}

/** One line for `describe service`; null when the server cannot say. */
export async function signalsLine(call: Call, api: Api, service: string): Promise<string | null> {
  const now = call.shell.now()
  const query = { from: new Date(now - hourMs / 4).toISOString(), to: new Date(now).toISOString() }
  const told = await api.client['telemetry.signals']({ params: { name: service }, query }).catch(() => null)
  if (told === null) return null
  if (told.signals.every((each) => each.state === 'never')) return 'none: nothing ever told of it'
  return factsOf(told, now)
    .map(([title, value]) => `${title.toLowerCase()} ${value.replace(/^never told\..*$/, 'never told')}`)
    .join('; ')
}
