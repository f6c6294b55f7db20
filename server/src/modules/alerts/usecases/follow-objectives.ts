// Our own objectives are a sender like any other: what burns becomes a signal and enters by the same door.
import { automation } from '../../../kernel/actor.ts'
import { parseInstant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findServices } from '../../catalog/index.ts'
import type { BurningData, RecoveredData, UnmeasuredData } from '../../slo/index.ts'
import type { AlertsPorts } from '../alerts.ports.ts'
import { readSignal, type SignalDraft } from '../core/index.ts'
import { receiveSignals } from './receive-signals.ts'

export const source = 'slo'
const actor = automation('slo.evaluate')
// The engine says when it is over; silence of our own process is no end.
const policy = { assumedLeaseMs: null }

/** What whoever is woken looks at first. */
export async function linksOf(
  needs: Needs,
  { objective, service }: { readonly objective: string; readonly service: string },
) {
  const [declared] = await findServices(needs.database, [service])
  const runbook = declared?.links.find((link) => link.kind === 'runbook')?.url ?? null
  const own = { href: `${needs.publicUrl}/objectives/${objective}`, text: 'Objective' }
  return {
    links: runbook === null ? [own] : [own, { href: runbook, text: 'Runbook' }],
    annotations: runbook === null ? {} : { runbook_url: runbook },
  }
}

export async function followBurning(needs: Needs, ports: AlertsPorts, data: BurningData): Promise<void> {
  const { links, annotations } = await linksOf(needs, data)
  await take(needs, ports, {
    source,
    status: 'firing',
    dedupKey: `objective:${data.objective}`,
    severity: data.level === 'page' ? 'critical' : 'warning',
    service: data.service,
    summary: `${data.displayName}: error budget burns too fast`,
    labels: { alertname: 'ErrorBudgetBurn', objective: data.objective, service: data.service, tier: data.tier },
    annotations: { description: data.sentence, ...annotations },
    startsAt: parseInstant(data.startedAt),
    links,
  })
}

export async function followRecovered(needs: Needs, ports: AlertsPorts, data: RecoveredData): Promise<void> {
  await take(needs, ports, {
    source,
    status: 'resolved',
    dedupKey: `objective:${data.objective}`,
    service: data.service,
    summary: data.sentence,
    labels: { alertname: 'ErrorBudgetBurn', objective: data.objective, service: data.service },
    endsAt: parseInstant(data.endedAt),
  })
}

export async function followUnmeasured(
  needs: Needs,
  ports: AlertsPorts,
  data: UnmeasuredData,
  over: boolean,
): Promise<void> {
  const { links, annotations } = await linksOf(needs, data)
  await take(needs, ports, {
    source,
    status: over ? 'resolved' : 'firing',
    dedupKey: `objective:${data.objective}:unmeasured`,
    severity: 'warning',
    service: data.service,
    summary: `${data.displayName}: not measured`,
    labels: { alertname: 'ObjectiveUnmeasured', objective: data.objective, service: data.service },
    annotations: { description: data.sentence, ...annotations },
    startsAt: parseInstant(data.since),
    links,
  })
}

export async function take(needs: Needs, ports: AlertsPorts, draft: SignalDraft): Promise<void> {
  const reading = readSignal(draft, await needs.database.now())
  // Names of objectives and services are checked when they are declared, so this is a bug and not input.
  if (!reading.ok) throw new Error(`Our own signal is wrong: ${reading.faults.map((fault) => fault.detail).join(' ')}`)
  await receiveSignals(needs, ports, { source, signals: [reading.signal], policy, actor })
}
