// The incident room: state at the left, the timeline in the middle, what it is about at the right.
import { useQuery } from '@tanstack/react-query'
import { useParams } from 'wouter'
import { SkeletonRows } from '../../parts/empty.tsx'
import { durationText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { type IncidentDetail, incidents } from '../../shell/api.ts'
import { beganAt, incidentLook, incidentName, incidentStatusWords } from '../../shell/words.ts'
import { IncidentState } from './incident-state.tsx'
import { Involved } from './involved.tsx'
import { impactSentence } from './next-step.ts'
import { Timeline } from './timeline.tsx'
import { useIncidentActions } from './use-incident-actions.tsx'
import './incidents.css'

export default function IncidentPage() {
  const { id = '' } = useParams<{ id: string }>()
  const query = useQuery({ queryKey: ['incidents', 'one', id], queryFn: ({ signal }) => incidents.read(id, signal) })
  if (query.data === undefined) {
    return (
      <>
        <PageHead title="Incident" crumb={{ title: 'Incidents', href: '/incidents' }} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  return <Room incident={query.data} />
}

function Room({ incident }: { incident: IncidentDetail }) {
  const look = incidentLook(incident)
  const now = useNow()
  const actions = useIncidentActions(incident)
  const end = incident.resolvedAt === null ? now : Date.parse(incident.resolvedAt)
  return (
    <>
      <PageHead
        title={incident.title}
        tab={`${incidentName(incident)} ${incident.title}`}
        crumb={{ title: 'Incidents', href: '/incidents' }}
        sentence={impactSentence(incident)}
        facts={
          <>
            <StateMark tone={look.tone} word={incident.severity} strong />
            <span>
              <strong>{incidentStatusWords[incident.status]}</strong>
            </span>
            <span>{incidentName(incident)}</span>
            <span>
              {incident.resolvedAt === null ? 'for' : 'lasted'} {durationText(end - Date.parse(beganAt(incident)))}
            </span>
          </>
        }
        actions={actions.buttons}
      />
      {actions.problem}
      {actions.dialog}
      <div className="room">
        <div className="room-state">
          <IncidentState incident={incident} actions={actions} />
        </div>
        <div className="room-timeline">
          <Timeline id={incident.id} />
        </div>
        <div className="room-involved">
          <Involved incident={incident} />
        </div>
      </div>
    </>
  )
}
