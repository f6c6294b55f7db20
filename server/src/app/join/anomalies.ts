// Joins anomalies to the objectives they are read from, and to the door of alerts for services that asked for it.
import { automation } from '../../kernel/actor.ts'
import { parseInstant } from '../../kernel/instant.ts'
import { readSignal, type SignalDraft } from '../../modules/alerts/core/index.ts'
import { type AlertsPorts, receiveSignals } from '../../modules/alerts/index.ts'
import { listMeasured } from '../../modules/slo/index.ts'
import {
  type AnomalyBeganData,
  type AnomalyEndedData,
  type AnomalyPorts,
  anomalyBegan,
  anomalyEnded,
} from '../../modules/telemetry/index.ts'
import { subscribe } from '../../platform/journal/journal.ts'
import type { Needs } from '../../platform/room/needs.ts'
import type { Room } from '../../platform/room/room.ts'

export const anomalyPorts: AnomalyPorts = {
  objectives: listMeasured,
}

const source = 'anomaly'
const actor = automation('telemetry.find-anomalies')
// What is unusual says when it is over.
const policy = { assumedLeaseMs: null }

/** A hint is shown and no more; only what an AnomalyWatch asked for becomes an alert. */
export function alertOfAnomalies(needs: Needs, alerts: () => AlertsPorts): Room {
  const take = async (draft: SignalDraft) => {
    const reading = readSignal(draft, await needs.database.now())
    if (!reading.ok) throw new Error(`Our own signal is wrong: ${reading.faults.map(({ detail }) => detail).join(' ')}`)
    await receiveSignals(needs, alerts(), { source, signals: [reading.signal], policy, actor })
  }
  return {
    name: 'join-anomalies',
    subscriptions: [
      subscribe(
        anomalyBegan,
        'alerts.follow-anomalies',
        ({ subjectId, data }) => take(firing(needs, subjectId, data)),
        {
          when: ({ alert }) => alert !== null,
        },
      ),
      subscribe(anomalyEnded, 'alerts.follow-anomalies', ({ subjectId, data }) => take(resolved(subjectId, data)), {
        when: ({ alerted }) => alerted,
      }),
    ],
  }
}

function firing({ publicUrl }: Needs, id: string, data: AnomalyBeganData): SignalDraft {
  return {
    source,
    status: 'firing',
    dedupKey: `anomaly:${id}`,
    severity: data.alert ?? 'warning',
    service: data.service,
    summary: data.sentence,
    labels: labelsOf(data),
    annotations: { 'what it means': 'Unlike anything this service did of late. Nothing says yet that users notice.' },
    startsAt: parseInstant(data.startedAt),
    links: [{ href: `${publicUrl}/services/${data.service}`, text: 'The service' }],
  }
}

function resolved(id: string, data: AnomalyEndedData): SignalDraft {
  return {
    source,
    status: 'resolved',
    dedupKey: `anomaly:${id}`,
    service: data.service,
    summary: data.sentence,
    labels: labelsOf(data),
    endsAt: parseInstant(data.endedAt),
  }
}

function labelsOf({ service, signal, objective }: AnomalyBeganData | AnomalyEndedData) {
  return { alertname: 'Unusual', service, signal, ...(objective === null ? {} : { objective }) }
}
