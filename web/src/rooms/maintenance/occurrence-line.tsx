// One time a maintenance takes place, and what can be done about it: longer, over, off.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { durationText, toLocalInput } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { Incident } from '../../shell/api.ts'
import { type MaintenanceOccurrence, maintenance } from '../../shell/maintenance-api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { incidentRoom } from '../../shell/response-api.ts'
import { say } from '../../shell/undo.tsx'
import { incidentName } from '../../shell/words.ts'
import { stateTones, stateWords, treatmentWords } from './window-words.ts'

const shown = 5

type Act = 'end' | 'extend' | 'cancel'
const titles: Readonly<Record<Act, string>> = {
  end: 'End it now',
  extend: 'Let it last longer',
  cancel: 'Cancel this one',
}

/** `room`: the incident that leads it; null when none does, undefined while nobody knows. */
export function OccurrenceLine({
  of,
  may,
  room,
}: {
  of: MaintenanceOccurrence
  may: boolean
  room?: Incident | null | undefined
}) {
  const [act, setAct] = useState<Act | null>(null)
  const more = of.services.length - shown
  return (
    <li>
      <span className="grow">
        <Link href={`/maintenance?window=${of.window}`}>{of.title}</Link>
        <span className="soft beneath">
          {of.services.slice(0, shown).join(', ')}
          {more > 0 && ` and ${more} more`} – {of.reason} – <PersonName name={of.declaredBy} />
        </span>
        <span className="soft beneath">
          {treatmentWords[of.budget]}
          {of.announced !== null && '; customers are told'}
          {of.changed !== null && `; changed by ${of.changed.by}: ${of.changed.because}`}
        </span>
      </span>
      <StateMark tone={stateTones[of.state]} word={stateWords[of.state]} />
      <span className="soft">
        <Time at={of.startsAt} /> for {durationText(Date.parse(of.endsAt) - Date.parse(of.startsAt))}
      </span>
      {room != null && <Link href={`/incidents/${room.id}`}>Room: {incidentName(room)}</Link>}
      {may && room === null && <OpenRoom of={of} />}
      {may && of.state === 'in_progress' && (
        <span className="maintenance-acts">
          <Button variant="default" size="compact-sm" onClick={() => setAct('extend')}>
            Longer
          </Button>
          <Button variant="default" size="compact-sm" onClick={() => setAct('end')}>
            End now
          </Button>
        </span>
      )}
      {may && of.state === 'scheduled' && (
        <Button variant="default" size="compact-sm" onClick={() => setAct('cancel')}>
          Cancel
        </Button>
      )}
      {act !== null && <ActDialog act={act} of={of} onClose={() => setAct(null)} />}
    </li>
  )
}

/** Led like an incident: roles, tasks, decisions and a timeline of its own. */
function OpenRoom({ of }: { of: MaintenanceOccurrence }) {
  const [, navigate] = useLocation()
  const open = useMutation({
    mutationFn: () =>
      incidentRoom.declare({ title: of.title.slice(0, 200), kind: 'scheduled', services: [], maintenance: of.id }),
    onSuccess: async (incident) => {
      await queries.invalidateQueries({ queryKey: ['incidents'] })
      navigate(`/incidents/${incident.id}`)
    },
  })
  return (
    <>
      <Button variant="default" size="compact-sm" loading={open.isPending} onClick={() => open.mutate()}>
        Open a room for it
      </Button>
      <ProblemNote error={open.error} />
    </>
  )
}

const hour = 3_600_000

function ActDialog({ act, of, onClose }: { act: Act; of: MaintenanceOccurrence; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const [until, setUntil] = useState(() => toLocalInput(Date.parse(of.endsAt) + hour))
  const send = useMutation({
    mutationFn: () => {
      const why = reason.trim()
      if (act === 'end') return maintenance.end(of.id, why)
      if (act === 'cancel') return maintenance.cancel(of.id, why)
      return maintenance.extend(of.id, new Date(until).toISOString(), why)
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['maintenance'] })
      onClose()
      const said = {
        end: 'It is over: what still fires is told now.',
        extend: 'It lasts longer.',
        cancel: 'Cancelled.',
      }
      say({ sentence: said[act], undo: null })
    },
  })
  return (
    <Dialog title={`${titles[act]}: ${of.title}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          send.mutate()
        }}
      >
        {act === 'extend' && (
          <TextInput
            type="datetime-local"
            label="Until"
            required
            value={until}
            onChange={(event) => setUntil(event.currentTarget.value)}
          />
        )}
        <TextInput
          label="Why"
          description="It stays in the journal."
          required
          maxLength={500}
          value={reason}
          data-autofocus
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={send.error} />
        <Button
          type="submit"
          loading={send.isPending}
          disabled={reason.trim() === '' || Number.isNaN(Date.parse(until))}
        >
          {titles[act]}
        </Button>
      </form>
    </Dialog>
  )
}
