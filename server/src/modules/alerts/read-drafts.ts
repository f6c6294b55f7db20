// Drafts of a batch as signals; what is wrong with one says nothing about the others.
import type { Instant } from '../../kernel/instant.ts'
import { readSignal, type Signal, type SignalDraft } from './core/index.ts'

export function readDrafts(
  source: string,
  drafts: readonly SignalDraft[],
  now: Instant,
): { readonly read: readonly Signal[]; readonly faults: readonly string[] } {
  const read: Signal[] = []
  const faults: string[] = []
  for (const [index, draft] of drafts.entries()) {
    const reading = readSignal({ ...draft, source }, now)
    if (reading.ok) read.push(reading.signal)
    else faults.push(...reading.faults.map((fault) => `alert ${index}: ${fault.pointer ?? ''} ${fault.detail}`))
  }
  return { read, faults }
}
