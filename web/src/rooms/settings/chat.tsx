// Which chats incidents are led from, what is missing, and whether they answer.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type ChatState, type ChatTest, chat } from '../../shell/chat-api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { ChatSteps } from './chat-steps.tsx'

const key = ['channels', 'chat']

export function IncidentsInChat({ teamsApp }: { teamsApp: string | null }) {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => chat.status(signal) })
  return (
    <Section title="Incidents in chat">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.map((state) => (
        <OneChat key={state.provider} state={state} teamsApp={teamsApp} />
      ))}
    </Section>
  )
}

function OneChat({ state, teamsApp }: { state: ChatState; teamsApp: string | null }) {
  const may = useMay('admin')
  const open = useMutation({
    mutationFn: () => chat.openRooms(state.provider),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  const test = useMutation({
    mutationFn: () => chat.test(state.provider),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
  const ready = state.connected && state.declared
  return (
    <div className="chat-state">
      <ul className="rows">
        <li>
          <span className="grow">
            <StateMark tone={state.away !== null ? 'warning' : ready ? 'ok' : 'unknown'} word={wordOf(state)} />{' '}
            <span>{state.sentence}</span>
            {state.away !== null && (
              <span className="soft">
                {' '}
                {state.away.because} Since <Time at={state.away.since} />.
              </span>
            )}
            {state.connected && <LastHeard state={state} />}
          </span>
          {may && state.connected && !state.declared && (
            <Button
              size="compact-sm"
              variant="default"
              loading={open.isPending}
              onClick={() => open.mutate()}
              aria-label={`Open rooms for incidents in ${state.title}`}
            >
              Open rooms for incidents
            </Button>
          )}
          {may && state.connected && (
            <Button
              size="compact-sm"
              variant="default"
              loading={test.isPending}
              onClick={() => test.mutate()}
              aria-label={`Test ${state.title}`}
            >
              Test
            </Button>
          )}
        </li>
      </ul>
      <ProblemNote error={open.error ?? test.error} />
      <div aria-live="polite">{test.data !== undefined && <Checks test={test.data} />}</div>
      {may && <ChatSteps state={state} teamsApp={teamsApp} />}
    </div>
  )
}

function LastHeard({ state: { socketSeenAt, heardAt } }: { state: ChatState }) {
  return (
    <span className="soft">
      {' '}
      {socketSeenAt !== null && (
        <>
          Listening, last sign <Time at={socketSeenAt} />.{' '}
        </>
      )}
      {heardAt === null ? (
        'Nothing has come in lately.'
      ) : (
        <>
          Last heard <Time at={heardAt} />.
        </>
      )}
    </span>
  )
}

function Checks({ test }: { test: ChatTest }) {
  return (
    <ul className="rows">
      {test.checks.map((check) => (
        <li key={check.name}>
          <span className="grow finding">
            <StateMark tone={check.ok ? 'ok' : 'warning'} word={check.ok ? 'Good' : 'Missing'} />{' '}
            <span>{check.sentence}</span>
          </span>
        </li>
      ))}
    </ul>
  )
}

function wordOf({ connected, declared, away }: ChatState): string {
  if (!connected) return 'Not connected'
  if (away !== null) return 'Away'
  return declared ? 'Ready' : 'Not set up'
}
