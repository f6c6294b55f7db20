// Why somebody would be told of a signal, now or then, or nobody: every rule is asked as intake asks it, and nothing is
// changed.
import { formatDuration, minute } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tier, Urgency } from '../../../kernel/severity.ts'
import { tiers } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findServices, type ServiceSummary } from '../../catalog/index.ts'
import type { AlertsPorts, ForeseenPage } from '../alerts.ports.ts'
import type { AlertRow } from '../alerts.store.ts'
import {
  type Asked,
  asked,
  isSilenced,
  judgeFlapping,
  judgeJoin,
  judgePause,
  judgeRouting,
  mostEpisodes,
  nameSilent,
  type PageGroup,
  probesOf,
  readPause,
  type Signal,
  sameFailureMs,
  silenceable,
  sourcesWithin,
  type TimedRouting,
  urgencyOf,
} from '../core/index.ts'
import { findOpenByFingerprint, listSources } from '../open-alerts.store.ts'
import { listCandidates } from '../page-groups.store.ts'
import { listPastOf } from '../past.store.ts'
import { loadSilences, loadSilencesAt } from '../silences.store.ts'
import { freshWaitOf, timersFor, type Wait, waitOf } from './explain-timers.ts'
import { audienceOf, relationOf } from './page-alerts.ts'
import { loadRouting } from './route-alerts.ts'

export interface Explanation {
  /** Open already with the same labels: a repeat pages nobody. */
  readonly alert: AlertRow | null
  readonly told: boolean
  readonly sentence: string
  /** Of the routing file. */
  readonly receivers: readonly string[]
  readonly trace: readonly Asked[]
  /** Who would be paged when nobody answers; null when nobody is, or others are told on their page. */
  readonly paged: { policy: string; because: string; pages: ForeseenPage[] } | null
}

// A policy that repeats for a day sends hundreds; who is first is what was asked.
const mostPages = 50
// What is open now says nothing about a time further away than this.
const nowMs = 5 * minute

/** At another time than now: nobody knows what is open by then, so nothing is, and nothing inhibits. */
export async function explainSignal(
  needs: Needs,
  ports: AlertsPorts,
  signal: Signal,
  at: Instant,
): Promise<Explanation> {
  const { database } = needs
  const isNow = Math.abs(at - (await database.now())) <= nowMs
  const { labels } = signal
  const open = await findOpenByFingerprint(database, signal.fingerprint)
  const alert = isNow ? open : null
  const [service] = signal.service === null ? [] : await findServices(database, [signal.service])
  const tier: Tier | null = tiers.find((each) => each === service?.tier) ?? null
  const team = service?.team ?? null
  const urgency = urgencyOf(signal.severity, tier)
  const routing = await loadRouting(database, needs, ports)
  const probes = routing === null ? [] : probesOf(routing, [signal])
  const sources = routing !== null && isNow ? sourcesWithin(routing, await listSources(database, probes)) : []
  const routed = routing === null ? null : judgeRouting(routing, { id: alert?.id ?? '', labels }, sources, at)
  const silences = isNow ? await loadSilences(database) : await loadSilencesAt(database, at)
  const silence = isSilenced(silenceable(signal, team), silences, at)
  const trace: Asked[] = [ownerOf(signal, service), urgency.asked, ...(routed?.trace ?? []), silence.asked]
  if (probes.length > 0 && !isNow)
    trace.push(asked('inhibition', 'unknown', 'Which alerts are open then nobody knows: none inhibits it here.'))
  if (alert !== null) trace.push(asked('state', 'open', `It is open as #${alert.number}: a repeat changes nothing.`))
  else if (open !== null)
    trace.push(asked('state', 'assumed new', `It is open now as #${open.number}; by then it counts as new.`))
  const receivers = routed?.receivers ?? []
  const nobody = (sentence: string): Explanation => ({ alert, told: false, sentence, receivers, trace, paged: null })
  if (silence.silenced) {
    const holder = silences.find((each) => silence.by.includes(each.id) && each.endsAt === silence.until)
    if (holder?.maintenance === undefined) return nobody('Nobody: it is silenced.')
    return nobody(`Nobody: ${silence.asked.because.charAt(0).toLowerCase()}${silence.asked.because.slice(1)}`)
  }
  if (routed !== null && routed.hold !== null) return nobody(`Nobody: ${whyHeld[routed.hold]}.`)
  if (alert !== null) return nobody(`Nobody anew: it is open as #${alert.number} (${alert.status}).`)
  const told = await explainPage(needs, ports, {
    ...{ signal, service: service ?? null, tier, urgency: urgency.urgency, at },
    isNow,
  })
  if (routing !== null && routed !== null) trace.push(...nameSilent(routing, routed))
  const timers = routing === null ? [] : timersFor(routing, labels, signal.severity)
  const wait = await waitAt(database, routing, signal, { at, isNow })
  const { waitMs } = wait
  const sentence = waitMs === 0 ? told.sentence : `After ${formatDuration(waitMs)}, with its group: ${told.sentence}`
  const paged =
    told.joins || ports.foresee === undefined
      ? null
      : await ports.foresee({
          ...{ service: service?.name ?? null, team, urgency: urgency.urgency },
          at: plus(at, waitMs + told.pauseMs),
        })
  const steps = [...trace, ...timers, ...wait.trace, ...told.trace]
  if (paged === null) return { ...{ alert, told: true, sentence, receivers }, trace: steps, paged }
  const pages = paged.steps.slice(0, mostPages).map(pageOf)
  const { policy, because, reaches } = paged
  // The rules would tell somebody, and there is nobody.
  return {
    ...{
      alert,
      told: reaches,
      sentence: reaches ? sentence : `Nobody: escalation policy ${policy} reaches nobody then.`,
    },
    ...{ receivers, trace: reaches ? steps : [...steps, unreached(policy)], paged: { policy, because, pages } },
  }
}

const unreached = (policy: string): Asked =>
  asked(
    'paging',
    'nobody',
    `Nobody of escalation policy ${policy} can be paged then: no one is on call, or has a way to be told.`,
  )

/** Groups that are out now say nothing about another time. */
async function waitAt(
  queries: Queries,
  routing: TimedRouting | null,
  { labels, severity }: Signal,
  { at, isNow }: { readonly at: Instant; readonly isNow: boolean },
): Promise<Wait> {
  if (routing === null) return { waitMs: 0, trace: [] }
  return isNow
    ? waitOf(queries, routing, labels, severity, at)
    : { waitMs: freshWaitOf(routing, labels, severity), trace: [] }
}

const whyHeld = {
  inhibited: 'another alert inhibits it',
  muted: 'its routes are outside their hours',
  nobody: 'its routes tell nobody',
} as const

const pageOf = ({ at, person, channel, level, because }: ForeseenPage): ForeseenPage => ({
  ...{ at, person, channel, level, because },
})

function ownerOf(signal: Signal, service: ServiceSummary | undefined): Asked {
  if (service !== undefined)
    return asked('service', service.name, `Owned by ${service.team ?? 'nobody'}, tier ${service.tier}.`)
  const because = signal.service === null ? 'The signal names no service.' : `${signal.service} is not in the catalog.`
  return asked('service', 'unknown', because)
}

/** Which page it would be on, and whether it would wait before. */
async function explainPage(
  { database }: Needs,
  ports: AlertsPorts,
  of: {
    readonly signal: Signal
    readonly service: ServiceSummary | null
    readonly tier: Tier | null
    readonly urgency: Urgency
    readonly at: Instant
    readonly isNow: boolean
  },
): Promise<{ sentence: string; joins: boolean; pauseMs: number; trace: readonly Asked[] }> {
  const { signal, service, tier, urgency, at, isNow } = of
  const team = service?.team ?? null
  const policy = service?.escalationPolicy ?? null
  const asks = service !== null && isNow
  const rows = !asks
    ? []
    : await listCandidates(
        database,
        audienceOf([service], signal.rule === null ? [] : [signal.rule]),
        plus(at, -sameFailureMs),
      )
  const standings = await ports.paging.standings(
    database,
    rows.map((row) => row.id),
  )
  const groups: PageGroup[] = rows.map((row) => ({ ...row, standing: standings.get(row.id) ?? 'none' }))
  const pageable = {
    rule: signal.rule,
    service: service?.name ?? null,
    team,
    policy,
    tier,
    severity: signal.severity,
    urgency,
  }
  const joins = judgeJoin(pageable, groups, await relationOf(database, pageable, groups), at)
  const waits = await explainWaiting(database, signal, service?.labels ?? {}, at)
  const whom =
    joins.group !== null
      ? `Whoever is paged for #${joins.group.number} is told of it as well.`
      : policy !== null
        ? `Whoever escalation policy ${policy} names then.`
        : team !== null
          ? `Team ${team}, by its escalation policy or its people.`
          : 'The last resort: nobody has declared whose service it is.'
  const sentence = waits.pauseMs === null ? whom : `After ${formatDuration(waits.pauseMs)}, unless it healed: ${whom}`
  return {
    ...{ sentence, joins: joins.group !== null, pauseMs: waits.pauseMs ?? 0 },
    trace: [...waits.trace, joins.asked],
  }
}

/** What its earlier episodes would say. */
async function explainWaiting(
  queries: Queries,
  signal: Signal,
  labels: Readonly<Record<string, string>>,
  now: Instant,
): Promise<{ readonly pauseMs: number | null; readonly trace: readonly Asked[] }> {
  const { rule, fingerprint, severity } = signal
  const past = rule === null ? [] : await listPastOf(queries, { rule, fingerprint }, mostEpisodes)
  const mark = judgeFlapping(past, now).asked
  const longest = readPause(labels, severity)
  const pause = longest === null ? null : judgePause(severity, past, longest)
  const trace = [...(mark === null ? [] : [mark]), ...(pause === null ? [] : [pause.asked])]
  return { pauseMs: pause?.pauseMs ?? null, trace }
}
