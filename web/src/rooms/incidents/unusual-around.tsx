// What was unusual for the services of an incident, from an hour before it until its end: hints where to look.
import { useQueries } from '@tanstack/react-query'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { anomalies } from '../../shell/anomaly-api.ts'
import type { IncidentDetail } from '../../shell/api.ts'
import { UnusualLines } from '../../shell/unusual.tsx'
import { beganAt } from '../../shell/words.ts'

const beforeMs = 3_600_000
// A storm names dozens; the first ones are those it began with.
const mostServices = 5
const mostLines = 8

export function UnusualAround({ incident }: { incident: IncidentDetail }) {
  const from = new Date(Date.parse(beganAt(incident)) - beforeMs).toISOString()
  const range = { from, ...(incident.resolvedAt === null ? {} : { to: incident.resolvedAt }) }
  const asked = useQueries({
    queries: incident.services.slice(0, mostServices).map((service) => ({
      queryKey: ['anomalies', 'incident', incident.id, service],
      queryFn: ({ signal }: { signal: AbortSignal }) => anomalies.ofService(service, range, signal),
    })),
  })
  const failed = asked.find((each) => each.error !== null)
  const items = asked
    .flatMap((each) => each.data?.items ?? [])
    .sort((a, b) => Number(a.endedAt !== null) - Number(b.endedAt !== null) || (a.startedAt < b.startedAt ? -1 : 1))
  return (
    <Section title="Unusual around it">
      <ProblemNote error={failed?.error ?? null} retry={() => void failed?.refetch()} />
      <UnusualLines items={items.slice(0, mostLines)} named />
      {items.length > mostLines && <p className="soft">and {items.length - mostLines} more on the services' pages</p>}
      {items.length === 0 && asked.every((each) => !each.isPending) && (
        <p className="soft">Nothing that stood out by itself.</p>
      )}
    </Section>
  )
}
