// What the journal and the measurements say of an incident now, copied so that it says the same for ever.
import { formatInstant } from '../../../kernel/instant.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { exportIncidentOf, type IncidentRow } from '../../incidents/index.ts'
import { describeObjectives } from '../../slo/index.ts'
import type { DraftSource } from '../core/index.ts'
import type { FactsReply } from '../postmortems.contract.ts'
import type { PostmortemsPorts } from '../postmortems.ports.ts'

const mostLines = 1_000
/** What was learnt afterwards is not what happened: it stands in the room of the incident, and on pages of its own. */
const isOfIncident = (type: string): boolean =>
  !/^(postmortem|action|problem|repeat)\./.test(type) && type !== 'incident.classified'

export async function freezeFacts(
  queries: Queries,
  ports: Pick<PostmortemsPorts, 'linesOf'>,
  row: IncidentRow,
): Promise<{ readonly facts: FactsReply; readonly draft: DraftSource }> {
  const { incident, timeline, items, pins } = await exportIncidentOf(queries, ports, row, isOfIncident)
  const budget = []
  for (const service of row.services) {
    const found = await describeObjectives(queries, { service, state: null, sort: 'remaining' }, null, 20)
    for (const { summary } of found)
      budget.push({
        ...{ objective: summary.name, displayName: summary.displayName, service },
        // Why nothing is known, window by window, is for whoever repairs the measuring, not for who reads a postmortem.
        sentence: summary.state === 'no-data' ? 'It was not measured when these facts were frozen.' : summary.sentence,
      })
  }
  const measures = Object.entries({
    'Time to detect': incident.measures.timeToDetect,
    'Time to acknowledge': incident.measures.timeToAcknowledge,
    'Time to mitigate': incident.measures.timeToMitigate,
    'Time to resolve': incident.measures.timeToResolve,
    'Time to the first update': incident.measures.timeToFirstUpdate,
  }).map(([name, { ms, because }]) => ({ name, ms, because }))
  const facts: FactsReply = {
    frozenAt: formatInstant(await queries.now()),
    timeline: timeline.slice(0, mostLines),
    timelineCut: timeline.length > mostLines,
    impact: {
      statement: incident.impactStatement,
      minutes: incident.impact.minutes,
      people: incident.impact.people,
      regions: incident.impact.regions,
      customers: incident.impact.customers,
    },
    times: [
      { name: 'Impact began', at: incident.impactStartedAt },
      { name: 'Detected', at: incident.detectedAt },
      { name: 'Declared', at: incident.declaredAt },
      { name: 'Acknowledged', at: incident.acknowledgedAt },
      { name: 'Mitigated', at: incident.mitigatedAt },
      { name: 'Resolved', at: incident.resolvedAt },
    ],
    measures,
    budget,
    graphs: pins,
    responders: [...new Set(incident.roles.map((each) => `${each.person} (${each.role})`))],
    items: items.map(({ kind, text, state, reason }) => ({ kind, text, state, reason })),
  }
  const textOf = (kind: string, ...states: string[]) =>
    items.filter((each) => each.kind === kind && states.includes(each.state)).map((each) => each.text)
  const draft: DraftSource = {
    title: row.title,
    number: row.number,
    severity: row.severity,
    services: row.services,
    impactStatement: row.impactStatement,
    impactMinutes: incident.impact.minutes,
    detectMs: incident.measures.timeToDetect.ms,
    mitigateMs: incident.measures.timeToMitigate.ms,
    causes: textOf('hypothesis', 'confirmed'),
    mitigations: textOf('mitigation', 'verified', 'started'),
    decisions: textOf('decision', 'recorded'),
  }
  return { facts, draft }
}
