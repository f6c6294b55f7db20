// Correlation and probable causes on recorded alert storms: reads a folder with alerts.jsonl and graphs.json (alerts
// in Alertmanager's shape with an id and day, sorted by start), replays them in time order through the very functions
// the product decides with, and prints predictions: {groups: {alert: incident}, causes: {incident: [service, …]}}.
// npx tsx bench/eval/incidents.ts FOLDER > predictions.json
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseInstant } from '../../server/src/kernel/instant.ts'
import { type Problem, placeSymptom } from '../../server/src/modules/incidents/core/correlation.ts'
import { rankCauses } from '../../server/src/modules/incidents/core/probable-causes.ts'
import { graphOf, type ServiceGraph } from '../../server/src/modules/incidents/core/service-graph.ts'
import { type Symptom, signalKindOf } from '../../server/src/modules/incidents/core/symptom.ts'

interface RecordedAlert {
  readonly id: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: { readonly summary: string }
  readonly startsAt: string
  readonly endsAt: string
}

const folder = process.argv[2]
if (folder === undefined) throw new Error('Name the folder: npx tsx bench/eval/incidents.ts FOLDER')
const read = (name: string) => readFileSync(path.join(folder, name), 'utf8')
const alerts = read('alerts.jsonl')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line) as RecordedAlert)
const calls = JSON.parse(read('graphs.json')) as Record<string, { caller: string; callee: string }[]>

const groups: Record<string, string> = {}
const causes: Record<string, readonly string[]> = {}
for (const day of new Set(alerts.map((alert) => alert.labels.day ?? ''))) {
  const graph: ServiceGraph = graphOf(calls[day] ?? [])
  const problems: { id: string; symptoms: Symptom[] }[] = []
  for (const alert of alerts) {
    if (alert.labels.day !== day) continue
    const symptom = symptomOf(alert)
    const placement = placeSymptom(symptom, problems as Problem[], graph)
    const joined = problems.find((problem) => problem.id === placement.joins)
    if (joined === undefined) problems.push({ id: `${day}-${alert.id}`, symptoms: [symptom] })
    else joined.symptoms.push(symptom)
    groups[alert.id] = joined?.id ?? `${day}-${alert.id}`
  }
  for (const problem of problems)
    causes[problem.id] = rankCauses({ symptoms: problem.symptoms, changes: [], graph }).map((cause) => cause.service)
}
process.stdout.write(JSON.stringify({ groups, causes }))

function symptomOf(alert: RecordedAlert): Symptom {
  const startedAt = parseInstant(alert.startsAt)
  const endedAt = parseInstant(alert.endsAt)
  if (startedAt === null || endedAt === null) throw new Error(`${alert.id} has no times.`)
  const { alertname = '', service = '', severity, metric = '' } = alert.labels
  const [, blames = null] = /^dependency:(.+)$/.exec(metric) ?? []
  return {
    id: alert.id,
    startedAt,
    endedAt,
    service: service.startsWith('(') ? null : service,
    blames,
    kind: signalKindOf(alertname, alert.annotations.summary),
    severity: severity === 'critical' ? 'critical' : 'warning',
    rule: alertname,
  }
}
