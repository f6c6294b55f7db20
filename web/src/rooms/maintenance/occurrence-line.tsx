// One time a maintenance takes place, and what can be done about it: longer, over, off.
import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Dialog } from '../../parts/dialog.tsx'
import { durationText, toLocalInput } from '../../parts/format.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type MaintenanceOccurrence, maintenance } from '../../shell/maintenance-api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'
import { stateTones, stateWords, treatmentWords } from './window-words.ts'

const shown = 5

type Act = 'end' | 'extend' | 'cancel'
const titles: Readonly<Record<Act, string>> = {
  end: 'End it now',
  extend: 'Let it last longer',
  cancel: 'Cancel this one',
}

export function OccurrenceLine({ of, may }: { of: MaintenanceOccurrence; may: boolean }) {
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
