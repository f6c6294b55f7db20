// What is measured, in the words people read: what rose from where to where, before whose trouble, and who calls whom.
import { second } from '../../../kernel/duration.ts'
import type { Deviation, Measured } from './deviation.ts'
import type { MeasuredCause, MeasuredSign } from './measured-causes.ts'

/** The strongest first: its own signs, then whose trouble it explains. */
export function measuredEvidence(cause: MeasuredCause): readonly string[] {
  const first = cause.signs[0]?.deviation ?? null
  const signs = cause.signs.map((sign) => signInWords(cause.service, sign))
  const explains = cause.explains.map((each) => {
    const { service } = each.series
    const between = first === null ? '' : timeBetween(first, each)
    return `${service} calls ${cause.service}; ${riseInWords(each, `its ${each.series.words}`)}${between}`
  })
  return [...signs, ...explains]
}

function signInWords(service: string, { deviation, kind, explainedBy }: MeasuredSign): string {
  const { series } = deviation
  if (kind === 'own') {
    const because =
      explainedBy === null || explainedBy.part < 0.1
        ? ''
        : `, ${shareInWords(explainedBy.part)} of it by ${explainedBy.service}`
    return `${riseInWords(deviation, `${service}'s ${series.words}`)}${because}`
  }
  const seen = riseInWords(deviation, `${series.words} of calls from ${series.service} to ${service}`)
  return kind === 'way'
    ? `${seen}, while ${service} sees none of that: the way between them`
    : `${seen}; ${service} measures nothing itself`
}

function riseInWords({ series, usual, level }: Deviation, subject: string): string {
  const times = usual > 0 ? level / usual : Number.POSITIVE_INFINITY
  const from = `from ${amountInWords(series.measured, usual)} to ${amountInWords(series.measured, level)}`
  if (series.measured === 'traffic') return `${subject} fell ${from}`
  return times >= 1.5 && times < 1000 ? `${subject} rose ${times.toFixed(1)}×, ${from}` : `${subject} rose ${from}`
}

function timeBetween(cause: Deviation, effect: Deviation): string {
  const ms = effect.since - cause.since
  if (ms < 0) return ''
  return ms < second ? ' at the same time' : ` ${secondsInWords(ms)} later`
}

function secondsInWords(ms: number): string {
  const seconds = Math.round(ms / second)
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`
}

function shareInWords(part: number): string {
  return part >= 0.95 ? 'all' : `${Math.round(part * 100)} %`
}

function amountInWords(measured: Measured, value: number): string {
  const short = (number: number) => (number >= 100 || number === 0 ? number.toFixed(0) : number.toPrecision(2))
  if (measured === 'latency') return value < 1 ? `${short(value * 1000)} ms` : `${short(value)} s`
  if (measured === 'traffic') return `${short(Math.max(0, value))} requests/s`
  return `${short(Math.max(0, value) * 100)} %`
}
