// What every intake translates to. Limits are kept here, once: what names the alert is refused when it is too big
// (cutting it would merge strangers), what only describes it is cut, and the cut is noted.
import type { Fault } from '../../../kernel/app-error.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import { isStorableText } from '../../../kernel/json.ts'
import type { AlertSeverity } from '../../../kernel/severity.ts'
import { fingerprint, type Labels } from './fingerprint.ts'
import { readSeverity } from './severity-words.ts'

export interface Link {
  readonly href: string
  readonly text: string
}

/** As an integration hands it in; everything but source and status may be missing. */
export interface SignalDraft {
  /** The integration: the same key from another one is another alert. */
  readonly source: string
  readonly status: 'firing' | 'resolved'
  readonly dedupKey?: string | null
  readonly labels?: Labels
  readonly annotations?: Labels
  readonly startsAt?: Instant | null
  /** Of a firing signal: until when it holds unless repeated. Of a resolved one: when it ended. */
  readonly endsAt?: Instant | null
  readonly summary?: string | null
  readonly severity?: string | null
  readonly service?: string | null
  readonly links?: readonly Link[]
}

export interface Signal {
  readonly source: string
  /** The sender's key, else the fingerprint; identity is never a text for people. */
  readonly key: string
  readonly fingerprint: string
  readonly status: 'firing' | 'resolved'
  readonly labels: Labels
  readonly annotations: Labels
  readonly startsAt: Instant
  readonly endsAt: Instant | null
  readonly summary: string
  readonly severity: AlertSeverity
  /** As the sender wrote it. */
  readonly severityWord: string | null
  /** The rule that fired: label `alertname`. */
  readonly rule: string | null
  /** What the sender calls the service; the catalog decides which one it is. */
  readonly service: string | null
  readonly links: readonly Link[]
}

export type SignalReading =
  | { readonly ok: true; readonly signal: Signal; readonly notes: readonly string[] }
  | { readonly ok: false; readonly faults: readonly Fault[] }

export const signalLimits = {
  labels: 64,
  labelName: 256,
  labelValue: 2_048,
  dedupKey: 512,
  annotations: 64,
  annotationValue: 8_192,
  summary: 1_024,
  links: 20,
  linkHref: 2_048,
} as const

const serviceLabels = ['service', 'service_name', 'app'] as const

export function readSignal(
  draft: SignalDraft,
  now: Instant,
  severityMapping: Readonly<Record<string, AlertSeverity>> = {},
): SignalReading {
  const labels = dropEmpty(draft.labels ?? {})
  const faults = checkIdentity(draft, labels)
  const endsAt = draft.endsAt ?? null
  const startsAt = draft.startsAt ?? endsAtIfPast(endsAt, now)
  if (endsAt !== null && endsAt < startsAt) {
    faults.push({ pointer: '/endsAt', detail: 'The alert ends before it starts.' })
  }
  if (faults.length > 0) return { ok: false, faults }
  const notes: string[] = []
  const identity = fingerprint(labels)
  const annotations = describe(draft.annotations ?? {}, notes)
  const rule = labels.alertname ?? null
  const word = draft.severity ?? labels.severity ?? labels.priority ?? null
  const read = readSeverity(word, severityMapping)
  if (!read.known) notes.push(`${read.because} It counts as critical until it is mapped.`)
  const over = draft.status === 'resolved' || (endsAt !== null && endsAt <= now)
  const signal: Signal = {
    source: draft.source,
    key: draft.dedupKey ?? identity,
    fingerprint: identity,
    status: over ? 'resolved' : 'firing',
    labels,
    annotations,
    startsAt,
    endsAt: over && (endsAt === null || endsAt > now) ? now : endsAt,
    summary: cut(summaryOf(draft, annotations, rule), signalLimits.summary, 'The summary', notes),
    severity: read.severity,
    severityWord: word,
    rule,
    service: draft.service ?? serviceLabels.map((name) => labels[name]).find((each) => each !== undefined) ?? null,
    links: keepLinks(draft.links ?? [], notes),
  }
  return { ok: true, signal, notes }
}

/** As Alertmanager does: without a start an alert starts now, or when it ended if that is past. */
function endsAtIfPast(endsAt: Instant | null, now: Instant): Instant {
  return endsAt !== null && endsAt < now ? endsAt : now
}

function checkIdentity(draft: SignalDraft, labels: Labels): Fault[] {
  const faults: Fault[] = []
  const names = Object.keys(labels)
  const key = draft.dedupKey ?? null
  if (names.length === 0 && key === null) {
    faults.push({
      pointer: '/labels',
      detail: 'The signal has neither labels nor a key: nothing tells it from others.',
    })
  }
  if (names.length > signalLimits.labels) {
    faults.push({ pointer: '/labels', detail: `At most ${signalLimits.labels} labels, not ${names.length}.` })
  }
  if (key !== null && (key === '' || key.length > signalLimits.dedupKey || !isStorableText(key))) {
    faults.push({
      pointer: '/dedupKey',
      detail: `A key has 1 to ${signalLimits.dedupKey} characters, none of them NUL.`,
    })
  }
  for (const [name, value] of Object.entries(labels)) {
    const pointer = `/labels/${name.slice(0, 64).replaceAll('~', '~0').replaceAll('/', '~1')}`
    if (name === '' || name.length > signalLimits.labelName || !isStorableText(name)) {
      faults.push({ pointer, detail: `A label name has 1 to ${signalLimits.labelName} characters, none of them NUL.` })
    }
    if (value.length > signalLimits.labelValue || !isStorableText(value)) {
      faults.push({
        pointer,
        detail: `A label value has at most ${signalLimits.labelValue} characters, none of them NUL.`,
      })
    }
  }
  return faults
}

function describe(annotations: Labels, notes: string[]): Labels {
  const all = Object.entries(annotations)
  if (all.length > signalLimits.annotations)
    notes.push(`${all.length - signalLimits.annotations} annotations were left out.`)
  const kept = all.slice(0, signalLimits.annotations).map(([name, value]): [string, string] => {
    return [
      clean(name).slice(0, signalLimits.labelName),
      cut(value, signalLimits.annotationValue, `Annotation ${name}`, notes),
    ]
  })
  return Object.fromEntries(kept)
}

function summaryOf(draft: SignalDraft, annotations: Labels, rule: string | null): string {
  const given = [draft.summary, annotations.summary, annotations.description, rule]
  return given.find((each) => each !== undefined && each !== null && each.trim() !== '') ?? 'Alert without a summary'
}

function keepLinks(links: readonly Link[], notes: string[]): readonly Link[] {
  // Only the web: a link is shown as one to click, and `javascript:` is one too.
  const kept = links.filter((link) => /^https?:\/\//i.test(link.href) && link.href.length <= signalLimits.linkHref)
  if (kept.length < links.length || kept.length > signalLimits.links) notes.push('Some links were left out.')
  return kept
    .slice(0, signalLimits.links)
    .map((link) => ({ href: clean(link.href), text: clean(link.text).slice(0, 256) }))
}

function cut(text: string, limit: number, what: string, notes: string[]): string {
  const storable = clean(text)
  if (storable.length <= limit) return storable
  notes.push(`${what} was cut to ${limit} characters.`)
  return clean(storable.slice(0, limit - 1)).concat('…')
}

function clean(text: string): string {
  return text.replaceAll('\u0000', '\ufffd').toWellFormed()
}

function dropEmpty(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([, value]) => value !== ''))
}

/** Until when a firing signal without its own end holds; null means until it is resolved. */
export function assumedEnd(now: Instant, assumedLeaseMs: number | null): Instant | null {
  return assumedLeaseMs === null ? null : plus(now, assumedLeaseMs)
}
