// A silence changes who is interrupted, never what an alert is: it opens, ends and is counted as without one.
import type { Fault } from '../../../kernel/app-error.ts'
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import { type Labels, labelOf } from './fingerprint.ts'
import { formatMatcher, type Matcher, matchesAll, matchesEmpty, type ReadyMatcher, readMatchers } from './matcher.ts'
import { type Asked, asked } from './trace.ts'

export interface SilenceDraft {
  /** Any set may match; within a set every matcher must. */
  readonly sets: readonly (readonly Matcher[])[]
  readonly startsAt: Instant
  readonly endsAt: Instant
  readonly by: string
  readonly reason: string
  /** A maintenance of these services: it holds them back as a silence does, and has no matchers of its own. */
  readonly maintenance?: HeldServices
}

export interface HeldServices {
  readonly window: string
  readonly services: readonly string[]
}

export interface Silence extends Omit<SilenceDraft, 'sets'> {
  readonly id: string
  readonly sets: readonly (readonly ReadyMatcher[])[]
}

export type SilenceReading =
  | { readonly ok: true; readonly silence: Silence }
  | { readonly ok: false; readonly faults: readonly Fault[] }

const mostSets = 10
const mostMatchers = 20

/** For a new silence and for one read back from the store; `now` refuses one that is over before it begins. */
export function readSilence(id: string, draft: SilenceDraft, now: Instant | null): SilenceReading {
  const faults: Fault[] = []
  const sets: (readonly ReadyMatcher[])[] = []
  if (draft.maintenance !== undefined) {
    return { ok: true, silence: { ...draft, id, sets: [[ofServices(draft.maintenance.services)]] } }
  }
  if (draft.sets.length === 0 || draft.sets.length > mostSets) {
    faults.push({ pointer: '/sets', detail: `A silence has 1 to ${mostSets} sets of matchers.` })
  }
  for (const [index, set] of draft.sets.entries()) {
    const pointer = `/sets/${index}`
    if (set.length > mostMatchers) faults.push({ pointer, detail: `At most ${mostMatchers} matchers in a set.` })
    const read = readMatchers(set, pointer)
    if (!read.ok) faults.push(...read.faults)
    else if (read.matchers.every(matchesEmpty)) {
      const detail = 'At least one matcher must not match an empty value, or the silence would cover everything.'
      faults.push({ pointer, detail })
    } else sets.push(read.matchers)
  }
  if (draft.endsAt <= draft.startsAt) faults.push({ pointer: '/endsAt', detail: 'The silence ends before it begins.' })
  else if (now !== null && draft.endsAt <= now) {
    faults.push({ pointer: '/endsAt', detail: 'The silence is already over.' })
  }
  if (draft.reason.trim() === '') faults.push({ pointer: '/reason', detail: 'Say why, for whoever finds it at night.' })
  return faults.length > 0 ? { ok: false, faults } : { ok: true, silence: { ...draft, id, sets } }
}

// Labels that begin like this are nobody's: what a sender calls a label `service` may be another word than the catalog's.
const ownService = '__service__'

function ofServices(services: readonly string[]): ReadyMatcher {
  const covered = new Set(services)
  const value = services.join('|')
  return { name: ownService, operator: '=~', value, matches: (labels) => covered.has(labelOf(labels, ownService)) }
}

/**
 * What the matchers of a silence are asked of: the labels, and the service and the team that owns it where the sender
 * says neither in a label, so that `service=cart` and `team=web` mean the same for every sender.
 */
export function silenceable(
  of: { readonly labels: Labels; readonly service: string | null },
  team: string | null = null,
): Labels {
  const { labels, service } = of
  const own: Record<string, string> = { ...labels, [ownService]: service ?? '' }
  if (service !== null) own.service ??= service
  if (team !== null) own.team ??= team
  return own
}

export type SilenceState = 'pending' | 'active' | 'expired'

export function silenceState(silence: Pick<Silence, 'startsAt' | 'endsAt'>, at: Instant): SilenceState {
  return at < silence.startsAt ? 'pending' : at < silence.endsAt ? 'active' : 'expired'
}

export interface SilenceVerdict {
  readonly silenced: boolean
  /** Every active silence that matches; the alert is heard again when the last of them ends. */
  readonly by: readonly string[]
  /** The one that ends last. */
  readonly last: Silence | null
  readonly until: Instant | null
  readonly asked: Asked
}

/** Who or what keeps it quiet, as sentences begin. */
export function holderOf({ by, maintenance }: Pick<Silence, 'by' | 'maintenance'>): string {
  return maintenance === undefined ? by : `maintenance ${maintenance.window}`
}

export function isSilenced(labels: Labels, silences: readonly Silence[], at: Instant): SilenceVerdict {
  const active = silences.filter((each) => silenceState(each, at) === 'active')
  const matching = active.filter((each) => each.sets.some((set) => matchesAll(set, labels)))
  const last = matching.reduce<Silence | null>((a, b) => (a === null || b.endsAt > a.endsAt ? b : a), null)
  if (last === null) {
    const because = active.length === 0 ? 'No silence is active.' : `None of ${active.length} active silences matches.`
    return { silenced: false, by: [], last, until: null, asked: asked('silence', 'heard', because) }
  }
  const set = last.sets.find((each) => matchesAll(each, labels)) ?? []
  const by = matching.map((each) => each.id)
  const verdict = { silenced: true, by, last, until: last.endsAt }
  const until = formatInstant(last.endsAt)
  if (last.maintenance !== undefined) {
    const because = `Held by maintenance ${last.maintenance.window} until ${until}: ${last.reason}`
    return { ...verdict, asked: asked('maintenance', 'held', because) }
  }
  const because = `${last.by} silenced ${set.map(formatMatcher).join(', ')} until ${until}: ${last.reason}`
  return { ...verdict, asked: asked('silence', 'silenced', because) }
}
