// What a payload would become, with the same readers and nothing written.
import { AppError } from '../../../kernel/app-error.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { readSignal, type Signal } from '../../alerts/core/index.ts'
import { type AlertSource, complete, type Format, type Mapping, mappedFormats, readDefinition } from '../core/index.ts'
import type { Desk } from '../desk.ts'
import { readPayload } from '../read-payload.ts'
import { sourceNamed } from './keys.ts'

export interface Preview {
  readonly signals: readonly { readonly signal: Signal; readonly notes: readonly string[] }[]
  readonly acknowledged: readonly string[]
  readonly unread: readonly string[]
  readonly notes: readonly string[]
  readonly nothing: string | null
}

export async function previewDelivery(
  desk: Desk,
  order: {
    readonly source: string | null
    readonly format: Format | null
    readonly mapping: Mapping | null
    readonly severities: Readonly<Record<string, AlertSeverity>> | null
    readonly body: string
  },
): Promise<Preview> {
  const now = await desk.needs.database.now()
  const source = await sourceOf(desk, order)
  const faults = order.mapping === null ? [] : desk.ports.mappingFaults(order.mapping)
  if (faults.length > 0)
    throw new AppError('invalid', 'http.invalid', 'The mapping cannot be used.', {
      faults: faults.map(({ field, detail }) => ({ pointer: `/mapping/${field}`, detail })),
    })
  const empty = { signals: [], acknowledged: [], notes: [], nothing: null }
  const read = readPayload(Buffer.from(order.body), { 'content-type': 'application/json' })
  if (!read.ok) return { ...empty, unread: [read.because] }
  const { reading, notes } = mappedFormats.includes(source.format)
    ? desk.ports.explainMapping(source.format, read.payload, source.mapping)
    : { reading: desk.ports.readers[source.format](read.payload, null), notes: [] }
  const unread = [...reading.unread]
  const signals: { signal: Signal; notes: readonly string[] }[] = []
  for (const [index, draft] of reading.signals.entries()) {
    const signal = readSignal(complete(source, draft), now, source.severities)
    if (signal.ok) signals.push({ signal: signal.signal, notes: signal.notes })
    else unread.push(...signal.faults.map(({ pointer, detail }) => `Alarm ${index + 1}: ${pointer ?? ''} ${detail}`))
  }
  return { signals, acknowledged: reading.acknowledged ?? [], unread, notes, nothing: reading.nothing ?? null }
}

async function sourceOf(desk: Desk, order: Parameters<typeof previewDelivery>[1]): Promise<AlertSource> {
  const known =
    order.source === null
      ? readDefinition({ name: 'preview', displayName: null, spec: {} })
      : (await sourceNamed(desk, order.source)).source
  return {
    ...known,
    format: order.format ?? known.format,
    mapping: order.mapping ?? known.mapping,
    severities: order.severities ?? known.severities,
  }
}
