// From points to what is drawn and said: lines that break at gaps, the gaps themselves, and the words of a percentile.
import type { SignalPercentile, SignalPoint } from '../../../../client/src/operations.gen.ts'
import { numberText } from '../../parts/format.ts'

export interface Line {
  readonly values: readonly (number | null)[]
}

/** A path over equal steps; a null breaks it, and a lone value is a short stroke, so that it is seen. */
export function pathOf(values: readonly (number | null)[], width: number, y: (value: number) => number): string {
  const step = width / Math.max(1, values.length)
  let path = ''
  let open = false
  for (const [index, value] of values.entries()) {
    if (value === null) {
      open = false
      continue
    }
    const at = y(value).toFixed(1)
    const middle = (index + 0.5) * step
    const alone = !open && (values[index + 1] ?? null) === null
    path += alone
      ? `M${(index * step).toFixed(1)} ${at}L${((index + 1) * step).toFixed(1)} ${at}`
      : `${open ? 'L' : 'M'}${middle.toFixed(1)} ${at}`
    open = true
  }
  return path
}

/** Runs of steps without a value, as shares of the width. */
export function gapsOf(values: readonly (number | null)[]): readonly { readonly from: number; readonly to: number }[] {
  const gaps: { from: number; to: number }[] = []
  for (const [index, value] of values.entries()) {
    if (value !== null) continue
    const last = gaps.at(-1)
    const [from, to] = [index / values.length, (index + 1) / values.length]
    if (last !== undefined && Math.abs(last.to - from) < 1e-9) gaps[gaps.length - 1] = { from: last.from, to }
    else gaps.push({ from, to })
  }
  return gaps
}

/** A round number at or above: 0.031 → 0.05. */
export function ceilingOf(value: number): number {
  if (!(value > 0)) return 1
  const scale = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5, 10].find((each) => each * scale >= value * (1 - 1e-9)) ?? 10) * scale
}

export function secondsText(seconds: number): string {
  if (seconds >= 10) return `${numberText(seconds)} s`
  if (seconds >= 1) return `${numberText(seconds, undefined, 2)} s`
  if (seconds >= 0.001) return `${numberText(seconds * 1_000, undefined, seconds < 0.01 ? 1 : 0)} ms`
  return `${numberText(seconds * 1_000, undefined, 3)} ms`
}

/** A narrow range is a value with what it may be off by, a wide one is the range itself. */
export function percentileText({ low, high, seconds, error }: SignalPercentile): string {
  if (high === null || seconds === null || error === null) return `above ${secondsText(low)}`
  if (low === 0) return `at most ${secondsText(high)}`
  if (error > 0.1) return `between ${secondsText(low)} and ${secondsText(high)}`
  return `${secondsText(seconds)} ± ${numberText(error * 100, undefined, 1)} %`
}

export function rateText(perSecond: number): string {
  if (perSecond >= 1) return `${numberText(perSecond, undefined, perSecond < 10 ? 1 : 0)} a second`
  return `${numberText(perSecond * 60, undefined, perSecond * 60 < 10 ? 1 : 0)} a minute`
}

export const resourceWords: Readonly<Record<string, string>> = {
  cpu: 'processor',
  memory: 'memory',
  loop: 'event loop',
  pool: 'connections',
}

/** The newest point that tells of it. */
export function newest<Part>(points: readonly SignalPoint[], of: (point: SignalPoint) => Part | null): Part | null {
  for (let index = points.length - 1; index >= 0; index -= 1) {
    const point = points[index]
    const part = point === undefined ? null : of(point)
    if (part !== null) return part
  }
  return null
}
