// The tickets of an incident or an action: how each stands, what waits for a decision, and a new one.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../parts/field.tsx'
import { ProblemNote } from '../parts/problem-note.tsx'
import { StateMark } from '../parts/state-mark.tsx'
import { queries } from './queries.ts'
import { useMay } from './session.tsx'
import { type Subject, type Ticket, tickets, trackers } from './ticket-api.ts'
import { useTicketsOfAction, waitingMs } from './tickets-of-actions.tsx'
import './tickets-of.css'

const refresh = () => queries.invalidateQueries({ queryKey: ['tickets'] })

export function TicketsOf({ about }: { about: Subject }) {
  const may = useMay('responder')
  const ofRow = useTicketsOfAction(about.id)
  const query = useQuery({
    queryKey: ['tickets', about.kind, about.id],
    queryFn: ({ signal }) => tickets.of(about, signal),
    refetchInterval: ({ state }) => (state.data?.items.some((each) => each.waiting !== null) ? waitingMs : false),
    // The list around it asks for all of its rows at once.
    enabled: ofRow === null,
  })
  const items = ofRow?.items ?? query.data?.items ?? []
  const isRead = ofRow?.isRead ?? query.data !== undefined
  const mine = items.filter((each) => each.about.kind === about.kind)
  const ofActions = items.length - mine.length
  return (
    <>
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {mine.length > 0 && (
        <ul className="rows">
          {mine.map((ticket) => (
            <TicketLine key={ticket.id} ticket={ticket} may={may} />
          ))}
        </ul>
      )}
      {isRead && mine.length === 0 && about.kind === 'incident' && <p className="soft">No ticket.</p>}
      {ofActions > 0 && (
        <p className="soft">
          Its actions have {ofActions} {ofActions === 1 ? 'ticket' : 'tickets'}.
        </p>
      )}
      {may && isRead && <NewTicket about={about} taken={mine.map((each) => each.connection)} />}
    </>
  )
}

function TicketLine({ ticket, may }: { ticket: Ticket; may: boolean }) {
  const act = useMutation({
    mutationFn: (what: 'ours' | 'theirs' | 'look' | 'unlink'): Promise<unknown> =>
      what === 'look'
        ? tickets.look(ticket.id)
        : what === 'unlink'
          ? tickets.unlink(ticket.id)
          : tickets.settle(ticket.id, what),
    onSuccess: refresh,
  })
  const { tone, word } = lookOf(ticket)
  const name = ticket.key ?? 'the ticket'
  return (
    <li>
      <div className="grow ticket-line">
        <span>
          <StateMark tone={tone} word={word} />{' '}
          {ticket.url === null ? (
            <strong>{ticket.key ?? ticket.trackerTitle}</strong>
          ) : (
            <a href={ticket.url} target="_blank" rel="noreferrer">
              {ticket.key} {ticket.title}
            </a>
          )}{' '}
          <span className="soft">{ticket.connection}</span>
        </span>
        {noteOf(ticket) !== null && <span className="soft">{noteOf(ticket)}</span>}
        {may && (
          <span className="ticket-acts">
            {ticket.conflict && (
              <>
                <ActButton does="Keep ours" about={name} run={() => act.mutate('ours')} />
                <ActButton does="Take theirs" about={name} run={() => act.mutate('theirs')} />
              </>
            )}
            {ticket.phase === 'there' && <ActButton does="Look now" about={name} run={() => act.mutate('look')} />}
            <ActButton does="Unlink" about={name} run={() => act.mutate('unlink')} />
          </span>
        )}
        <ProblemNote error={act.error} />
      </div>
    </li>
  )
}

function ActButton({ does, about, run }: { does: string; about: string; run: () => void }) {
  return (
    <button type="button" className="link-button" onClick={run}>
      {does}
      <span className="sr-only">: {about}</span>
    </button>
  )
}

function lookOf(ticket: Ticket): { readonly tone: 'ok' | 'warning' | 'unknown'; readonly word: string } {
  if (ticket.conflict) return { tone: 'warning', word: 'Conflict' }
  if (ticket.fault !== null) return { tone: 'warning', word: 'Refused' }
  if (ticket.held !== null) return { tone: 'warning', word: 'Not followed' }
  if (ticket.phase !== 'there') return { tone: 'unknown', word: 'Being created' }
  const over = ticket.state === 'done' || ticket.state === 'dropped'
  return { tone: over ? 'ok' : 'unknown', word: ticket.stateName ?? 'Not seen yet' }
}

function noteOf(ticket: Ticket): string | null {
  if (ticket.conflict)
    return `Both moved since they last agreed: it is ${ticket.stateName ?? 'changed'} at ${ticket.trackerTitle} and another state here. Which counts?`
  return ticket.fault ?? ticket.held ?? ticket.waiting
}

function NewTicket({ about, taken }: { about: Subject; taken: readonly string[] }) {
  const known = useQuery({ queryKey: ['trackers'], queryFn: ({ signal }) => trackers.list(signal) })
  const [asking, setAsking] = useState(false)
  const [chosen, setChosen] = useState('')
  const [key, setKey] = useState('')
  const free = known.data?.items.filter((each) => !taken.includes(each.name)) ?? []
  const connection = free.find((each) => each.name === chosen)?.name ?? free[0]?.name ?? ''
  const open = useMutation({
    mutationFn: () =>
      key.trim() === '' ? tickets.open(connection, about) : tickets.link(connection, about, key.trim()),
    onSuccess: () => {
      setKey('')
      setAsking(false)
      return refresh()
    },
  })
  const id = `ticket-at-${about.id}`
  if (free.length === 0) return null
  if (!asking)
    return (
      <button type="button" className="link-button" onClick={() => setAsking(true)}>
        {taken.length === 0 ? 'Open or link a ticket' : 'One more ticket'}
        <span className="sr-only"> for this {about.kind}</span>
      </button>
    )
  return (
    <form
      className="ticket-new"
      onSubmit={(event) => {
        event.preventDefault()
        open.mutate()
      }}
    >
      <SelectField title="At" id={id} value={connection} onChange={(event) => setChosen(event.currentTarget.value)}>
        {free.map((each) => (
          <option key={each.name} value={each.name}>
            {each.name} ({each.title})
          </option>
        ))}
      </SelectField>
      <TextInput
        size="xs"
        label="Existing ticket"
        placeholder="empty: a new one"
        value={key}
        maxLength={200}
        autoComplete="off"
        onChange={(event) => setKey(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" size="compact-sm" loading={open.isPending}>
        {key.trim() === '' ? 'Open a ticket' : 'Link it'}
      </Button>
      <Button variant="subtle" color="gray" size="compact-sm" onClick={() => setAsking(false)}>
        Cancel
      </Button>
      <ProblemNote error={open.error} />
    </form>
  )
}
