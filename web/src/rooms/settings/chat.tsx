// Which chats incidents are led from, what is missing, and where an app is told to call.
import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { CopyLine } from '../../parts/copy-line.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type ChatState, chat } from '../../shell/chat-api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'

const key = ['channels', 'chat']

export function IncidentsInChat() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => chat.status(signal) })
  return (
    <Section title="Incidents in chat">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.map((state) => (
        <OneChat key={state.provider} state={state} />
      ))}
    </Section>
  )
}

function OneChat({ state }: { state: ChatState }) {
  const may = useMay('admin')
  const open = useMutation({
    mutationFn: () => chat.openRooms(state.provider),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  const ready = state.connected && state.declared
  return (
    <>
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
            {state.socketSeenAt !== null && (
              <span className="soft">
                {' '}
                Heard over our own connection <Time at={state.socketSeenAt} />.
              </span>
            )}
          </span>
          {may && state.connected && !state.declared && (
            <Button size="compact-sm" variant="default" loading={open.isPending} onClick={() => open.mutate()}>
              Open rooms for incidents
            </Button>
          )}
        </li>
      </ul>
      <ProblemNote error={open.error} />
      {state.connected &&
        state.socketSeenAt === null &&
        state.addresses.map((address) => (
          <p key={address.url}>
            <span className="soft">Give the app this address ({address.label}):</span>
            <CopyLine text={address.url} label={`Copy the address: ${address.label}`} />
          </p>
        ))}
    </>
  )
}

function wordOf({ connected, declared, away }: ChatState): string {
  if (!connected) return 'Not connected'
  if (away !== null) return 'Away'
  return declared ? 'Ready' : 'Not set up'
}
