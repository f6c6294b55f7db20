// Which alerts are one problem: splitting some off, taking a split or a merge back, and what was learnt of it.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { AskForm } from '../../parts/ask-form.tsx'
import { Dialog } from '../../parts/dialog.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { alertName, incidentName, isOpenIncident } from '../../shell/words.ts'
import { LearntPairLine } from './learnt-pair-line.tsx'
import { type Regrouping, regrouping } from './regrouping-api.ts'

const refresh = () =>
  Promise.all([
    queries.invalidateQueries({ queryKey: ['incidents'] }),
    queries.invalidateQueries({ queryKey: ['overview'] }),
  ])

export function Regroupings({ incident }: { incident: IncidentDetail }) {
  const may = useMay('responder')
  const [splitting, setSplitting] = useState(false)
  const query = useQuery({
    queryKey: ['incidents', 'regroupings', incident.id],
    queryFn: ({ signal }) => regrouping.list(incident.id, signal),
  })
  return (
    <Section title="One problem or two">
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      <ul className="rows">
        {query.data?.items.map((each) => (
          <RegroupingLine key={each.id} each={each} incident={incident} may={may} />
        ))}
      </ul>
      {query.data?.items.length === 0 && <p className="soft">Nobody split it or merged another into it.</p>}
      <p className="regroup-foot">
        {may && isOpenIncident(incident) && incident.alerts.length > 1 && (
          <Button variant="default" onClick={() => setSplitting(true)}>
            Split alerts off
          </Button>
        )}
        <Link href="/incidents/learnt">Everything that was learnt</Link>
      </p>
      {splitting && <SplitOff incident={incident} onClose={() => setSplitting(false)} />}
    </Section>
  )
}

function RegroupingLine({ each, incident, may }: { each: Regrouping; incident: IncidentDetail; may: boolean }) {
  const [asking, setAsking] = useState(false)
  const undo = useMutation({
    mutationFn: (reason: string) => regrouping.undo(incident.id, each.id, reason),
    onSuccess: () => {
      setAsking(false)
      return refresh()
    },
  })
  const other = each.from.id === incident.id ? each.to : each.from
  return (
    <li className="regrouping">
      <div className="grow">
        <p>
          {sentenceOf(each, incident.id)}{' '}
          <Link href={`/incidents/${other.id}`}>
            {incidentName(other)} {other.title}
          </Link>
        </p>
        <p className="soft">
          {each.reason} {each.saidBy}, <Time at={each.saidAt} />
          {each.undoneAt !== null && (
            <>
              . Taken back by {each.undoneBy}, <Time at={each.undoneAt} />
            </>
          )}
        </p>
        {each.pairs.length > 0 && (
          <ul className="rows" aria-label="What was learnt of it">
            {each.pairs.map((pair) => (
              <LearntPairLine key={pair.id} pair={pair} />
            ))}
          </ul>
        )}
      </div>
      {may && each.undoneAt === null && (
        <button
          type="button"
          className="link-button"
          aria-label={`Take back: ${sentenceOf(each, incident.id)} ${incidentName(other)}`}
          onClick={() => setAsking(true)}
        >
          Take back
        </button>
      )}
      {asking && (
        <Dialog
          title={each.kind === 'split' ? 'Take the split back' : 'Take the merge back'}
          onClose={() => setAsking(false)}
        >
          <p>The alerts return to {incidentName(each.from)}, and what was learnt of it is forgotten.</p>
          <AskForm
            label="Why"
            action="Take it back"
            busy={undo.isPending}
            needed
            onSubmit={(text) => undo.mutate(text)}
          />
          <ProblemNote error={undo.error} />
        </Dialog>
      )}
    </li>
  )
}

function sentenceOf({ kind, from, alerts }: Regrouping, here: string): string {
  const count = alerts.length === 1 ? 'One alert' : `${alerts.length} alerts`
  const verb = alerts.length === 1 ? 'was' : 'were'
  if (kind === 'split') return from.id === here ? `${count} ${verb} split off into` : `${count} ${verb} split off from`
  return from.id === here ? `${count} went into` : `${count} came from`
}

function SplitOff({ incident, onClose }: { incident: IncidentDetail; onClose: () => void }) {
  const [chosen, setChosen] = useState<readonly string[]>([])
  const [title, setTitle] = useState('')
  const [reason, setReason] = useState('')
  const [learn, setLearn] = useState(true)
  const split = useMutation({
    mutationFn: () =>
      regrouping.split(incident.id, {
        alerts: [...chosen],
        reason: reason.trim(),
        learn,
        ...(title.trim() === '' ? {} : { title: title.trim() }),
      }),
    onSuccess: () => {
      onClose()
      return refresh()
    },
  })
  const all = chosen.length === incident.alerts.length
  return (
    <Dialog title="Split alerts off" onClose={onClose} wide>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          split.mutate()
        }}
      >
        <fieldset className="severity-field">
          <legend>Which are another problem</legend>
          {incident.alerts.map((alert) => (
            <Checkbox
              key={alert.id}
              label={`${alertName(alert)} ${alert.title}`}
              checked={chosen.includes(alert.id)}
              onChange={(event) => {
                const { checked } = event.currentTarget
                setChosen(checked ? [...chosen, alert.id] : chosen.filter((each) => each !== alert.id))
              }}
            />
          ))}
        </fieldset>
        {all && <p className="soft">Leave at least one here: all of them together are this incident.</p>}
        <Textarea
          label="Why"
          required
          rows={2}
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <TextInput
          label="Title of the new incident; from its first alert unless you say"
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Checkbox
          label="Remember for 90 days that such alerts are two problems"
          checked={learn}
          onChange={(event) => setLearn(event.currentTarget.checked)}
        />
        <ProblemNote error={split.error} />
        <Button type="submit" loading={split.isPending} disabled={chosen.length === 0 || all || reason.trim() === ''}>
          Split them off
        </Button>
      </form>
    </Dialog>
  )
}
