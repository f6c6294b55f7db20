// Handing a role over, correcting a time, stating the impact: each with its words for the record.
import { Button, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { SelectField } from '../../parts/field.tsx'
import { toLocalInput } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { ProblemNote } from '../../parts/problem-note.tsx'
import type { IncidentDetail, IncidentRole } from '../../shell/api.ts'
import { PersonOptions } from '../../shell/person-options.tsx'
import { queries } from '../../shell/queries.ts'
import { type IncidentImpact, type IncidentTime, incidentRoom } from '../../shell/response-api.ts'
import { roleName } from '../../shell/words.ts'

const refresh = () => queries.invalidateQueries({ queryKey: ['incidents'] })

export function OfferRole({
  incident,
  role,
  onClose,
}: {
  incident: IncidentDetail
  role: IncidentRole
  onClose: () => void
}) {
  const [person, setPerson] = useState('')
  const offer = useMutation({
    mutationFn: () => incidentRoom.offer(incident.id, role, person),
    onSuccess: () => {
      onClose()
      return refresh()
    },
  })
  return (
    <Dialog title={`Hand over: ${roleName(role)}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          offer.mutate()
        }}
      >
        <SelectField
          title="To whom; the holder keeps the role until they accept"
          data-autofocus
          value={person}
          onChange={(event) => setPerson(event.currentTarget.value)}
        >
          <option value="">Choose</option>
          <PersonOptions />
        </SelectField>
        <ProblemNote error={offer.error} />
        <Button type="submit" loading={offer.isPending} disabled={person === ''}>
          Offer it
        </Button>
      </form>
    </Dialog>
  )
}

export function CorrectTime({
  incident,
  time,
  title,
  onClose,
}: {
  incident: IncidentDetail
  time: IncidentTime
  title: string
  onClose: () => void
}) {
  const now = incident[time]
  const [at, setAt] = useState(toLocalInput(now === null ? presentMs() : Date.parse(now)))
  const [reason, setReason] = useState('')
  const correct = useMutation({
    mutationFn: () =>
      incidentRoom.correctTime(incident.id, { time, at: new Date(at).toISOString(), reason: reason.trim() }),
    onSuccess: () => {
      onClose()
      return refresh()
    },
  })
  return (
    <Dialog title={`Correct: ${title}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          correct.mutate()
        }}
      >
        <TextInput
          type="datetime-local"
          step="1"
          label="When it really was"
          value={at}
          data-autofocus
          onChange={(event) => setAt(event.currentTarget.value)}
        />
        <TextInput
          label="Why"
          required
          value={reason}
          maxLength={500}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <ProblemNote error={correct.error} />
        <Button type="submit" loading={correct.isPending} disabled={reason.trim() === '' || at === ''}>
          Correct it
        </Button>
      </form>
    </Dialog>
  )
}

/** One span for each affected service: when it began to hurt, and until when. */
export function StateImpact({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const known = useQuery({
    queryKey: ['incidents', 'impact', incident.id],
    queryFn: ({ signal }) => incidentRoom.impact(incident.id, signal),
  }).data
  return (
    <Dialog title="Who was hurt, and when" onClose={onClose} wide>
      {known !== undefined && <ImpactForm incident={incident} known={known} onClose={onClose} />}
    </Dialog>
  )
}

const listed = (text: string): readonly string[] => [
  ...new Set(
    text
      .split(',')
      .map((each) => each.trim())
      .filter((each) => each !== ''),
  ),
]

interface Row {
  readonly key: number
  readonly service: string
  readonly began: string
  readonly ended: string
}

function ImpactForm({
  incident,
  known: { statement, spans, ...hurt },
  onClose,
}: {
  incident: IncidentDetail
  known: IncidentImpact
  onClose: () => void
}) {
  const local = (at: string | null) => (at === null ? '' : toLocalInput(Date.parse(at)))
  const [text, setText] = useState(statement ?? '')
  const [people, setPeople] = useState(hurt.people === null ? '' : String(hurt.people))
  const [regions, setRegions] = useState(hurt.regions.join(', '))
  const [customers, setCustomers] = useState(hurt.customers.join(', '))
  const [rows, setRows] = useState<readonly Row[]>(() => {
    const stated = spans.map((each) => ({
      service: each.service,
      began: local(each.startedAt),
      ended: local(each.endedAt),
    }))
    const missing = incident.services.filter((service) => !spans.some((each) => each.service === service))
    return [...stated, ...missing.map((service) => ({ service, began: '', ended: '' }))].map((row, key) => ({
      ...row,
      key,
    }))
  })
  const save = useMutation({
    mutationFn: () =>
      incidentRoom.stateImpact(
        incident.id,
        text.trim() === '' ? null : text.trim(),
        rows
          .filter((row) => row.began !== '')
          .map((row) => ({
            service: row.service,
            startedAt: new Date(row.began).toISOString(),
            endedAt: row.ended === '' ? null : new Date(row.ended).toISOString(),
          })),
        {
          people: people.trim() === '' ? null : Number(people),
          regions: listed(regions),
          customers: listed(customers),
        },
      ),
    onSuccess: () => {
      onClose()
      return refresh()
    },
  })
  const change = (index: number, part: Partial<Row>) =>
    setRows(rows.map((row, which) => (which === index ? { ...row, ...part } : row)))
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <Textarea
        label="What users felt, in their words"
        data-autofocus
        value={text}
        rows={2}
        maxLength={2000}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TextInput
        label="How many people, as far as you know"
        inputMode="numeric"
        pattern="[0-9]{1,11}"
        title="Digits alone: 12000"
        value={people}
        onChange={(event) => setPeople(event.currentTarget.value)}
      />
      <TextInput
        label="Regions, with commas between"
        value={regions}
        maxLength={1000}
        onChange={(event) => setRegions(event.currentTarget.value)}
      />
      <TextInput
        label="Customers, with commas between; no update to customers names them"
        value={customers}
        maxLength={4000}
        onChange={(event) => setCustomers(event.currentTarget.value)}
      />
      {rows.map((row, index) => (
        <fieldset key={row.key} className="severity-field">
          <legend>{row.service}</legend>
          <TextInput
            type="datetime-local"
            label="Hurt from"
            value={row.began}
            onChange={(event) => change(index, { began: event.currentTarget.value })}
          />
          <TextInput
            type="datetime-local"
            label="Until (empty while it goes on)"
            value={row.ended}
            onChange={(event) => change(index, { ended: event.currentTarget.value })}
          />
        </fieldset>
      ))}
      <p className="soft">Minutes in which several were hurt count once.</p>
      <ProblemNote error={save.error} />
      <Button type="submit" loading={save.isPending}>
        State the impact
      </Button>
    </form>
  )
}
