// Why somebody would be told of a signal, or nobody: every rule is asked as intake asks it, and nothing is changed.
import { formatDuration } from '../../../kernel/duration.ts'
import { type Instant, plus } from '../../../kernel/instant.ts'
import type { Tier } from '../../../kernel/severity.ts'
import { tiers } from '../../../kernel/severity.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findServices } from '../../catalog/index.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { type AlertRow, findOpenByFingerprint } from '../alerts.store.ts'
import {
  type Asked,
  asked,
  isSilenced,
  judgeFlapping,
  judgeJoin,
  judgePause,
  judgeRouting,
  mostEpisodes,
  needsSources,
  type PageGroup,
  readPause,
  type Signal,
  sameFailureMs,
  silenceable,
  urgencyOf,
} from '../core/index.ts'
import { listCandidates } from '../page-groups.store.ts'
import { listPastOf } from '../past.store.ts'
import { listSources } from '../routing.store.ts'
import { loadSilences } from '../silences.store.ts'
import { timersFor, waitOf } from './explain-timers.ts'
import { audienceOf, relationOf } from './page-alerts.ts'
import { loadRouting } from './route-alerts.ts'

export interface Explanation {
  /** Open already with the same labels: a repeat pages nobody. */
  readonly alert: AlertRow | null
  readonly told: boolean
  readonly sentence: string
  readonly trace: readonly Asked[]
}

export async function explainSignal(needs: Needs, ports: AlertsPorts, signal: Signal): Promise<Explanation> {
  const { database } = needs
  const now = await database.now()
  const { labels } = signal
  const alert = await findOpenByFingerprint(database, signal.fingerprint)
  const [service] = signal.service === null ? [] : await findServices(database, [signal.service])
  const tier: Tier | null = tiers.find((each) => each === service?.tier) ?? null
  const urgency = urgencyOf(signal.severity, tier)
  const owner =
    service === undefined
      ? asked(
          'service',
          'unknown',
          signal.service === null ? 'The signal names no service.' : `${signal.service} is not in the catalog.`,
        )
      : asked('service', service.name, `Owned by ${service.team ?? 'nobody'}, tier ${service.tier}.`)
  const routing = await loadRouting(database, needs, ports)
  const sources = routing !== null && needsSources(routing, labels) ? await listSources(database) : []
  const routed = routing === null ? null : judgeRouting(routing, { id: alert?.id ?? '', labels }, sources, now)
  const silence = isSilenced(silenceable(signal, service?.team ?? null), await loadSilences(database), now)
  const trace: Asked[] = [owner, urgency.asked, ...(routed?.trace ?? []), silence.asked]
  const known =
    alert === null ? [] : [asked('state', 'open', `It is open as #${alert.number}: a repeat changes nothing.`)]
  if (silence.silenced) return { alert, told: false, sentence: 'Nobody: it is silenced.', trace: [...trace, ...known] }
  if (routed !== null && routed.hold !== null) {
    const why = {
      inhibited: 'another alert inhibits it',
      muted: 'its routes are outside their hours',
      nobody: 'its routes tell nobody',
    }
    return { alert, told: false, sentence: `Nobody: ${why[routed.hold]}.`, trace: [...trace, ...known] }
  }
  if (alert !== null)
    return {
      alert,
      told: false,
      sentence: `Nobody anew: it is open as #${alert.number} (${alert.status}).`,
      trace: [...trace, ...known],
    }
  const team = service?.team ?? null
  const audience = audienceOf(service === undefined ? [] : [service])
  const rows = service !== undefined ? await listCandidates(database, audience, plus(now, -sameFailureMs)) : []
  const ids = rows.map((row) => row.id)
  const standings = await ports.paging.standings(database, ids)
  const groups: PageGroup[] = rows.map((row) => ({ ...row, standing: standings.get(row.id) ?? 'none' }))
  const policy = service?.escalationPolicy ?? null
  const pageable = {
    service: service?.name ?? null,
    team,
    policy,
    tier,
    severity: signal.severity,
    urgency: urgency.urgency,
  }
  const joins = judgeJoin(pageable, groups, await relationOf(database, pageable, groups), now)
  const waits = await explainWaiting(database, signal, service?.labels ?? {}, now)
  const whom =
    joins.group !== null
      ? `Whoever is paged for #${joins.group.number} is told of it as well.`
      : policy !== null
        ? `Whoever escalation policy ${policy} names now.`
        : team !== null
          ? `Team ${team}, by its escalation policy or its people.`
          : 'The last resort: nobody has declared whose service it is.'
  const timers = routing === null ? [] : timersFor(routing, labels, signal.severity)
  const waitMs = routing === null ? 0 : waitOf(routing, labels, signal.severity)
  const paused = waits.pauseMs === null ? whom : `After ${formatDuration(waits.pauseMs)}, unless it healed: ${whom}`
  const sentence = waitMs === 0 ? paused : `After ${formatDuration(waitMs)}, with its group: ${paused}`
  return { alert, told: true, sentence, trace: [...trace, ...timers, ...waits.trace, joins.asked] }
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
