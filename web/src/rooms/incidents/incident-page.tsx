// The incident room: state at the left, the timeline in the middle, what it is about at the right.
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ByNumber, type Numbered } from '../../parts/by-number.tsx'
import { Choice } from '../../parts/choice.tsx'
import { useCommands } from '../../parts/command-hooks.ts'
import { SkeletonRows } from '../../parts/empty.tsx'
import { durationText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { PageHead } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { type IncidentDetail, incidents } from '../../shell/api.ts'
import { useMay } from '../../shell/session.tsx'
import {
  beganAt,
  incidentLook,
  incidentName,
  incidentStatusWords,
  isOpenIncident,
  isOverIncident,
} from '../../shell/words.ts'
import { AfterIncident } from './after-incident.tsx'
import { IncidentState } from './incident-state.tsx'
import { Involved } from './involved.tsx'
import { impactSentence } from './next-step.ts'
import { PlannedActions, PlannedTimes } from './planned-work.tsx'
import { RelatedTo } from './related.tsx'
import { KnownErrors } from './repeats-of.tsx'
import { Timeline } from './timeline.tsx'
import { NextUpdate, Updates } from './updates.tsx'
import { useIncidentActions } from './use-incident-actions.tsx'
import type { Wish } from './wish.ts'
import { WorkBoard } from './work-board.tsx'
import { WorkflowsOf } from './workflows-of.tsx'
import './incidents.css'

const numbered: Numbered = {
  title: 'Incident',
  crumb: { title: 'Incidents', href: '/incidents' },
  find: async (number, signal) => (await incidents.list({ number, limit: 1 }, signal)).items[0]?.id ?? null,
}

export default function IncidentPage() {
  return <ByNumber numbered={numbered}>{(id) => <OneIncident id={id} />}</ByNumber>
}

function OneIncident({ id }: { id: string }) {
  const query = useQuery({ queryKey: ['incidents', 'one', id], queryFn: ({ signal }) => incidents.read(id, signal) })
  if (query.data === undefined) {
    return (
      <>
        <PageHead title={numbered.title} crumb={numbered.crumb} />
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={8} />}
      </>
    )
  }
  return <Room incident={query.data} />
}

const kindWords = {
  normal: '',
  security: 'Security: only its readers see it',
  drill: 'Drill',
  backfilled: 'Written down afterwards',
  scheduled: 'Planned work',
} as const

const views = [
  { value: 'timeline', title: 'Timeline' },
  { value: 'work', title: 'Work' },
  { value: 'updates', title: 'Updates' },
  { value: 'related', title: 'Related' },
  { value: 'workflows', title: 'Workflows' },
] as const
type View = (typeof views)[number]['value'] | 'state'
// One column has no room beside it: what stands there is a part to choose, and the first one.
const onPhone = [{ value: 'state', title: 'State' }, ...views] as const
const narrowQuery = '(max-width: 860px)'

const wishes = [
  ['hypothesis', 'h', 'Add a hypothesis'],
  ['mitigation', 'i', 'Start a mitigation'],
  ['decision', 'd', 'Record a decision'],
  ['task', 'k', 'Add a task'],
  ['vendor-case', 'w', 'Ask a vendor'],
  ['update', 'u', 'Draft an update'],
] as const

function Room({ incident }: { incident: IncidentDetail }) {
  const look = incidentLook(incident)
  const now = useNow()
  const actions = useIncidentActions(incident)
  const narrow = useMediaQuery(narrowQuery, window.matchMedia(narrowQuery).matches, { getInitialValueInEffect: false })
  const [chosen, setView] = useUrlState<View>('view', narrow ? 'state' : 'timeline')
  const view = chosen === 'state' && !narrow ? 'timeline' : chosen
  const may = useMay('responder')
  // Counts up, so that the same wish twice is heard twice.
  const [wish, setWish] = useState<Wish>({ what: null, times: 0 })
  const begin = (what: NonNullable<Wish['what']>) => {
    setView(what === 'update' ? 'updates' : 'work')
    setWish({ what, times: wish.times + 1 })
  }
  useCommands(
    may
      ? wishes.map(([what, keys, title]) => ({
          id: `incident.begin.${what}`,
          title,
          group: 'Incident',
          keys,
          run: () => begin(what),
        }))
      : [],
  )
  useCommands(
    views.map(({ value, title }, index) => ({
      id: `incident.view.${value}`,
      title: `Show: ${title}`,
      group: 'Incident',
      keys: String(index + 1),
      run: () => setView(value),
    })),
  )
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
            {incident.kind !== 'normal' && (
              <span>
                <strong>{kindWords[incident.kind]}</strong>
              </span>
            )}
            {incident.kind === 'scheduled' && <PlannedTimes incident={incident} />}
            <NextUpdate at={incident.nextUpdateAt} />
            {incident.callUrl !== null && (
              <a href={incident.callUrl} target="_blank" rel="noreferrer">
                Join the call
              </a>
            )}
            {incident.status !== 'planned' && (incident.kind !== 'scheduled' || isOverIncident(incident)) && (
              <span>
                {incident.resolvedAt === null ? 'open for' : 'lasted'}{' '}
                {durationText(end - Date.parse(beganAt(incident)))}
              </span>
            )}
          </>
        }
        actions={
          <>
            {actions.buttons}
            <PlannedActions incident={incident} may={actions.may} />
            <AfterIncident incident={incident} may={actions.may} />
          </>
        }
      />
      {actions.problem}
      {actions.dialog}
      {isOpenIncident(incident) && incident.kind !== 'scheduled' && <KnownErrors incident={incident} />}
      <div className="room">
        {!narrow && (
          <div className="room-state">
            <IncidentState incident={incident} actions={actions} />
          </div>
        )}
        <div className="room-timeline">
          <Choice label="Part of the room" value={view} onChange={setView} options={narrow ? onPhone : views} />
          {view === 'state' && (
            <>
              <IncidentState incident={incident} actions={actions} />
              <Involved incident={incident} />
            </>
          )}
          {view === 'timeline' && <Timeline id={incident.id} />}
          {view === 'work' && <WorkBoard incident={incident} wish={wish} />}
          {view === 'updates' && <Updates incident={incident} wish={wish} />}
          {view === 'related' && <RelatedTo incident={incident} />}
          {view === 'workflows' && <WorkflowsOf incident={incident} />}
        </div>
        {!narrow && (
          <div className="room-involved">
            <Involved incident={incident} />
          </div>
        )}
      </div>
    </>
  )
}
