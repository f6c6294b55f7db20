// What was left out of the golden signals, and the way out, for people.
import type { SignalFindingKind } from './core/signals/index.ts'
import { mostSenders, mostServices, mostSignalSeries } from './usecases/write-signals.ts'

const words: Readonly<Record<SignalFindingKind, string>> = {
  'too-many-series': `The service has more than ${mostSignalSeries} series of requests; what the others count is missing here. Take attributes that differ for each request out of the metric.`,
  'too-many-senders': `More than ${mostSenders} processes of the service spoke within a day; what the others count is missing here. Give processes a service.instance.id that stays over restarts.`,
  'too-many-services': `More than ${mostServices} services speak; new ones are left out.`,
  future: 'Points lie more than five minutes ahead: the clock of a sender is wrong.',
  'too-old': 'Points are older than two hours and were left out.',
  overload: 'More came than this process can look at.',
}

const isKnown = (kind: string): kind is SignalFindingKind => kind in words

export const signalFindingSentence = (kind: string): string => (isKnown(kind) ? words[kind] : kind)
