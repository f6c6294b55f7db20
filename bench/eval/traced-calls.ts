// Latency of calls as both sides saw it, minute by minute, from recorded spans: the caller's is the span that waits.
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import type { Instant } from '../../server/src/kernel/instant.ts'
import type { MeasuredSeries, Sample } from '../../server/src/modules/incidents/core/deviation.ts'
import { type Row, readRows, serviceOf } from './recorded-rows.ts'

type TimeOfMinute = (hourAndMinute: string, day: string) => Instant

export function* readTracedCalls(folder: string, at: TimeOfMinute): Generator<MeasuredSeries> {
  const day = path.basename(folder)
  const found = new Map<string, { series: Omit<MeasuredSeries, 'samples'>; samples: Sample[] }>()
  const keep = (service: string, callee: string, seenBy: 'caller' | 'callee', sample: Sample) => {
    const key = JSON.stringify([service, callee, seenBy])
    const known = found.get(key)
    const series = { service, calls: { callee, seenBy }, measured: 'latency', words: 'mean latency' } as const
    if (known === undefined) found.set(key, { series, samples: [sample] })
    else known.samples.push(sample)
  }
  const traces = path.join(folder, 'trace')
  if (existsSync(traces))
    for (const file of readdirSync(traces).sort()) {
      const [, hour = '', minutes = ''] = /(\d\d)_(\d\d)_trace/.exec(file) ?? []
      for (const call of callsOf(readRows(path.join(traces, file))))
        for (const seenBy of ['caller', 'callee'] as const)
          keep(call.caller, call.callee, seenBy, {
            at: at(`${hour}:${minutes}`, day),
            value: call[seenBy === 'caller' ? 'waited' : 'worked'],
          })
    }
  else
    for (const row of readRows(path.join(folder, 'edges_per_minute.csv')))
      keep(row.caller ?? '', row.callee ?? '', 'callee', {
        at: at(row.minute_utc ?? '', day),
        value: Number(row.p50_us) / 1e6,
      })
  for (const { series, samples } of found.values()) yield { ...series, samples }
}

interface TracedCall {
  readonly caller: string
  readonly callee: string
  /** Seconds, the mean of the minute. */
  readonly waited: number
  readonly worked: number
}

function callsOf(spans: readonly Row[]): readonly TracedCall[] {
  const byId = new Map(spans.map((span) => [`${span.TraceID}/${span.SpanID}`, span]))
  const sums = new Map<string, { caller: string; callee: string; waited: number; worked: number; count: number }>()
  for (const span of spans) {
    const parent = byId.get(`${span.TraceID}/${span.ParentID}`)
    if (parent === undefined || parent.PodName === span.PodName) continue
    const [caller, callee] = [serviceOf(parent.PodName ?? ''), serviceOf(span.PodName ?? '')]
    const key = `${caller} ${callee}`
    const sum = sums.get(key) ?? { caller, callee, waited: 0, worked: 0, count: 0 }
    sum.waited += Number(parent.Duration) / 1e6
    sum.worked += Number(span.Duration) / 1e6
    sum.count += 1
    sums.set(key, sum)
  }
  return [...sums.values()].map(({ caller, callee, waited, worked, count }) => ({
    caller,
    callee,
    waited: waited / count,
    worked: worked / count,
  }))
}
