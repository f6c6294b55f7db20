// What a signal means while the database is away: the same questions the intake asks, answered from the armed plan.
import type { Instant } from '../../../kernel/instant.ts'
import { type Tier, tiers, type Urgency } from '../../../kernel/severity.ts'
import {
  type Asked,
  asked,
  decideSignal,
  type Episode,
  episodeKey,
  type IntakePolicy,
  isSilenced,
  judgeJoin,
  judgeRouting,
  type PageGroup,
  probesOf,
  type Routing,
  type Signal,
  type Silence,
  type Source,
  silenceable,
  urgencyOf,
} from '../../alerts/core/index.ts'

export interface PlannedService {
  readonly name: string
  readonly team: string | null
  readonly tier: number
  readonly escalationPolicy: string | null
  readonly runbook: string | null
}

/** An alert as the boat knows it: from the plan, or taken in since. */
export interface Passenger {
  readonly id: string
  readonly key: string
  /** Null where the plan does not say. */
  readonly openedAt: Instant | null
  readonly episode: Episode
  readonly service: string | null
  readonly team: string | null
  readonly tier: Tier | null
  readonly urgency: Urgency
  /** Why nobody is paged for it: silenced, inhibited, muted; null when somebody is. */
  readonly held: string | null
  /** Whose page told of it; its own id when it was paged by itself. */
  readonly pagedWith: string | null
  /** The database has it. */
  readonly known: boolean
}

export interface World {
  readonly now: Instant
  readonly services: ReadonlyMap<string, PlannedService>
  readonly silences: readonly Silence[]
  readonly routing: Routing | null
  readonly passengers: ReadonlyMap<string, Passenger>
  /** Alerts that were open when the database was last asked and are no passengers: no more is known of them. */
  readonly isOpen: (of: Pick<Signal, 'source' | 'key'>) => boolean
  /** Pages that are out and may be joined. */
  readonly pages: readonly PageGroup[]
  /** The name of an alert that begins: the one the database would give it, as far as that is known here. `before`: the last one of its key. */
  readonly nameOf: (signal: Signal, before: Passenger | null) => string
}

export type Judged =
  | { readonly kind: 'opened'; readonly passenger: Passenger; readonly trace: readonly Asked[] }
  | { readonly kind: 'changed'; readonly passenger: Passenger }
  | { readonly kind: 'ended'; readonly passenger: Passenger }
  /** Of one that is open and no passenger: the database closes it, and when it fires again it is another. */
  | { readonly kind: 'ended-ashore' }

/** Usually one; two when a signal shows that one episode had ended and another began. */
export function judgeSignal(world: World, signal: Signal, policy: IntakePolicy): readonly Judged[] {
  const key = episodeKey(signal)
  let current = world.passengers.get(key) ?? null
  // Its people were told, or are by the database: a repetition pages nobody.
  if (current === null && world.isOpen(signal)) return signal.status === 'resolved' ? [{ kind: 'ended-ashore' }] : []
  const judged: Judged[] = []
  for (const decision of decideSignal(current?.episode ?? null, signal, policy, world.now)) {
    if (decision.kind === 'ignore') continue
    if (decision.kind === 'open') {
      const opened = board(world, key, decision.episode, current)
      judged.push({ kind: 'opened', ...opened })
      current = opened.passenger
      continue
    }
    if (current === null) continue
    current = { ...current, episode: decision.episode }
    judged.push({ kind: decision.kind === 'refresh' ? 'changed' : 'ended', passenger: current })
  }
  return judged
}

function board(
  world: World,
  key: string,
  episode: Episode,
  before: Passenger | null,
): { readonly passenger: Passenger; readonly trace: readonly Asked[] } {
  const { signal } = episode
  const service = signal.service === null ? undefined : world.services.get(signal.service)
  const tier = tiers.find((each) => each === service?.tier) ?? null
  const urgency = urgencyOf(signal.severity, tier)
  const hold = holdOf(world, signal, service?.team ?? null)
  const bare: Passenger = {
    id: world.nameOf(signal, before),
    key,
    openedAt: world.now,
    episode,
    service: service?.name ?? null,
    team: service?.team ?? null,
    tier,
    urgency: urgency.urgency,
    held: hold?.because ?? null,
    pagedWith: null,
    known: false,
  }
  if (hold !== null) return { passenger: bare, trace: [urgency.asked, hold] }
  const pageable = {
    ...bare,
    rule: signal.rule,
    policy: service?.escalationPolicy ?? null,
    severity: episode.worst,
  }
  const join = judgeJoin(pageable, world.pages, () => null, world.now)
  return { passenger: { ...bare, pagedWith: join.group?.id ?? bare.id }, trace: [urgency.asked, join.asked] }
}

function holdOf(world: World, signal: Signal, team: string | null): Asked | null {
  const silence = isSilenced(silenceable(signal, team), world.silences, world.now)
  if (silence.silenced) return silence.asked
  if (world.routing === null) return null
  const self: Source = { id: episodeKey(signal), labels: signal.labels }
  const asks = probesOf(world.routing, [signal]).length > 0
  const sources = [...(asks ? world.passengers.values() : [])]
    .filter((each) => each.episode.end === null)
    .map((each): Source => ({ id: each.key, labels: each.episode.signal.labels }))
  const routed = judgeRouting(world.routing, self, sources, world.now)
  return routed.hold === null
    ? null
    : asked('routing', routed.hold, routed.trace.at(-1)?.because ?? 'Its routes say so.')
}
