// The room of the incident in chat, how it stands, and the same commands from here.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { chat, type ChatRoom as RoomState } from '../../shell/chat-api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import './chat-room.css'

export function ChatRoom({ incident }: { incident: IncidentDetail }) {
  const query = useQuery({
    queryKey: ['incidents', 'chat', incident.id],
    queryFn: ({ signal }) => chat.room(incident.id, signal),
    // What waits changes without an entry in the journal.
    refetchInterval: ({ state }) => (state.data?.rooms.some((room) => room.away !== null) ? 10_000 : 60_000),
  })
  const may = useMay('responder')
  const rooms = query.data?.rooms ?? []
  return (
    <Section title="Chat">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {rooms.map((room) => (
        <Standing key={room.provider} room={room} />
      ))}
      {query.data !== undefined && rooms.length === 0 && <p className="soft">It has no room in chat.</p>}
      {may && <CommandLine incident={incident} />}
    </Section>
  )
}

function Standing({ room }: { room: RoomState }) {
  const name = room.name === null ? `A room in ${room.title}` : `#${room.name}`
  return (
    <>
      <p className="chat-room-name">
        {room.url === null ? (
          name
        ) : (
          <a href={room.url} target="_blank" rel="noreferrer">
            {name}
          </a>
        )}{' '}
        <span className="soft">
          {room.title}
          {room.private && ', private'}
        </span>
      </p>
      <p>
        <StateMark tone={toneOf(room)} word={sentenceOf(room)} />
        {room.away !== null && (
          <span className="soft">
            {' '}
            since <Time at={room.away.since} />
          </span>
        )}
      </p>
      {(room.fault ?? room.away?.because) != null && <p className="soft">{room.fault ?? room.away?.because}</p>}
    </>
  )
}

function toneOf(room: RoomState): 'ok' | 'warning' | 'unknown' {
  if (room.state === 'archived') return 'unknown'
  return room.away !== null || room.fault !== null || room.state === 'leaving' ? 'warning' : 'ok'
}

function sentenceOf(room: RoomState): string {
  const lines = `${room.waiting} ${room.waiting === 1 ? 'line waits' : 'lines wait'}`
  if (room.state === 'archived') return 'Archived'
  if (room.state === 'leaving') return 'Being closed: the incident is restricted now'
  if (room.away !== null) return `${room.title} is away, ${lines}`
  if (room.fault !== null) return `${room.title} refuses, ${lines}`
  if (room.state === 'wanted') return 'Being opened'
  return room.waiting === 0 ? 'Up to date' : lines
}

function CommandLine({ incident }: { incident: IncidentDetail }) {
  const [text, setText] = useState('')
  const say = useMutation({
    mutationFn: () => chat.say(text.trim(), incident.id),
    onSuccess: async (answer) => {
      if (answer.done) setText('')
      await queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  return (
    <form
      className="chat-command"
      onSubmit={(event) => {
        event.preventDefault()
        if (text.trim() !== '') say.mutate()
      }}
    >
      <TextInput
        label="Command"
        description="As in chat: sev 2 because it spreads, role commander @ana, help."
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={5_000}
        autoComplete="off"
        spellCheck={false}
      />
      <Button type="submit" variant="default" size="compact-sm" loading={say.isPending} disabled={text.trim() === ''}>
        Run
      </Button>
      <output className="chat-answer" aria-live="polite">
        {say.data?.sentence.replaceAll('`', '')}
      </output>
      <ProblemNote error={say.error} />
    </form>
  )
}
