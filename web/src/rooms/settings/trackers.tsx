// Trackers where tickets are opened: connect, ask now, see what waits. Secrets go in and never come out.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { type TicketConnection, trackers } from '../../shell/ticket-api.ts'
import { TrackerForm } from './tracker-form.tsx'
import './trackers.css'

const key = ['trackers']

export default function Trackers() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => trackers.list(signal) })
  const may = useMay('admin')
  const [adding, setAdding] = useState(false)
  const items = query.data?.items ?? []
  return (
    <>
      <Section title="Trackers">
        <p className="soft">
          Tickets of incidents and corrective actions at GitHub, GitLab, Jira or ServiceNow: opened from here, and their
          states go together.
        </p>
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={2} height={56} />}
        {query.data !== undefined && items.length === 0 && <p>No tracker is connected.</p>}
        {may && (
          <Button className="tracker-space" variant="default" onClick={() => setAdding(!adding)} aria-expanded={adding}>
            Connect a tracker
          </Button>
        )}
        {adding && <TrackerForm kept={null} onDone={() => setAdding(false)} />}
      </Section>
      {items.map((each) => (
        <OneTracker key={each.name} connection={each} may={may} />
      ))}
    </>
  )
}

function OneTracker({ connection, may }: { connection: TicketConnection; may: boolean }) {
  const [changing, setChanging] = useState(false)
  const test = useMutation({
    mutationFn: () => trackers.test(connection.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  const remove = useMutation({
    mutationFn: () => trackers.remove(connection.name),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  const { away } = connection
  return (
    <Section title={`${connection.name}: ${connection.title}`}>
      <ul className="rows">
        <li>
          <span className="grow tracker-line">
            <StateMark tone={away === null ? 'ok' : 'warning'} word={away === null ? 'Connected' : 'Away'} />{' '}
            <span>
              {away === null && 'to '}
              {connection.project} at {connection.url}
            </span>{' '}
            <span className="soft">
              {away === null ? shownOf(connection) : away.because}
              {away !== null && (
                <>
                  {' '}
                  Since <Time at={away.since} />.
                </>
              )}
            </span>
          </span>
          {may && <Acts connection={connection} test={test} remove={remove} changing={changing} change={setChanging} />}
        </li>
        <li>
          <span className="grow">
            {connection.tickets} {connection.tickets === 1 ? 'ticket is' : 'tickets are'} looked after
            {connection.attention > 0 && (
              <>
                , <strong>{connection.attention} to look at</strong>
              </>
            )}
            .{' '}
            {connection.heardAt !== null && (
              <span className="soft">
                It called <Time at={connection.heardAt} />.
              </span>
            )}
          </span>
        </li>
      </ul>
      <output aria-live="polite">{test.data?.sentence}</output>
      <ProblemNote error={test.error ?? remove.error} />
      {changing && <TrackerForm kept={connection} onDone={() => setChanging(false)} />}
      <p className="soft tracker-space">
        {connection.hookSigned
          ? 'Let the tracker call this address when an issue changes, signed with the secret you gave:'
          : 'Without a secret its calls are not taken, and tickets are looked at every five minutes. With one, let it call:'}
      </p>
      <CopyLine text={connection.hookUrl} label={`Copy the address for ${connection.name}`} />
    </Section>
  )
}

interface ActsProps {
  readonly connection: TicketConnection
  readonly test: { readonly isPending: boolean; readonly mutate: () => void }
  readonly remove: { readonly isPending: boolean; readonly mutate: () => void }
  readonly changing: boolean
  readonly change: (to: boolean) => void
}

function Acts({ connection, test, remove, changing, change }: ActsProps) {
  return (
    <span className="tracker-acts">
      <Button
        size="compact-sm"
        variant="default"
        loading={test.isPending}
        onClick={() => test.mutate()}
        aria-label={`Test ${connection.name} now`}
      >
        Test now
      </Button>
      <Button size="compact-sm" variant="default" onClick={() => change(!changing)} aria-expanded={changing}>
        Change
      </Button>
      <RemoveButton word="Disconnect" of={connection.name} loading={remove.isPending} onClick={() => remove.mutate()} />
    </span>
  )
}

function shownOf({ shown, project }: TicketConnection): string {
  return Object.entries(shown)
    .filter(([, value]) => value !== project)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ')
}
