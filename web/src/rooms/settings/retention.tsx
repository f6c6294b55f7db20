// How long what is kept, what the last round removed, and the legal holds that forbid it.
import { Button, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Dialog } from '../../parts/dialog.tsx'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { SelectField } from '../../parts/field.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type HoldKind, type Retention as Kept, type LegalHold, retention } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'

const key = ['retention']
const refresh = () => queries.invalidateQueries({ queryKey: key })
const count = new Intl.NumberFormat('en')
const kindWords: Readonly<Record<HoldKind, string>> = {
  incident: 'An incident and its alerts',
  service: 'Everything about a service',
  person: 'Everything a person was told',
  everything: 'Everything',
}

const kinds = ['incident', 'service', 'person', 'everything'] as const

export default function Retention() {
  const query = useQuery({ queryKey: key, queryFn: ({ signal }) => retention.read(signal) })
  const mayHold = useMay('admin')
  return (
    <>
      <Section title="How long what is kept">
        <ProblemNote error={query.error} retry={() => void query.refetch()} />
        {query.isPending && <SkeletonRows rows={6} height={52} />}
        {query.data !== undefined && <LastRound kept={query.data} />}
        {groupsOf(query.data?.rows ?? []).map(({ setting, days, rows }) => (
          <div key={setting ?? days} className="kept-group">
            <div className="kept-head">
              <h3>{days === null ? 'For ever' : `${count.format(days)} days`}</h3>
              <span className="soft">
                {setting === null ? 'fixed' : <span className="mono kept-setting">{setting}</span>}
              </span>
            </div>
            <ul className="rows">
              {rows.map((row) => (
                <li key={row.name}>
                  <span className="grow">
                    <strong className="kept-name">{row.name}</strong> <span className="soft">{row.summary}</span>
                  </span>
                  <span className="soft">{saidOf(row)}</span>
                </li>
              ))}
            </ul>
          </div>
        ))}
        <p className="soft" hidden={query.data === undefined}>
          The journal is never cut. What an open alert, an open incident, an unpublished postmortem or a legal hold
          refers to stays, whatever its age.
        </p>
      </Section>
      {mayHold && query.data !== undefined && <Holds />}
    </>
  )
}

type Row = Kept['rows'][number]

/** What one setting decides stands together. */
function groupsOf(
  rows: readonly Row[],
): readonly { readonly setting: string | null; readonly days: number | null; readonly rows: readonly Row[] }[] {
  const settings = [...new Set(rows.map((row) => row.setting))]
  return settings.map((setting) => {
    const own = rows.filter((row) => row.setting === setting)
    return { setting, days: own[0]?.days ?? null, rows: own }
  })
}

function saidOf({ days, removed, heldBack }: Row): string {
  if (days === null) return ''
  const gone = removed === 0 ? 'none removed' : `${count.format(removed)} removed`
  return heldBack === 0 ? gone : `${gone}, ${count.format(heldBack)} still referred to`
}

function LastRound({ kept }: { kept: Kept }) {
  if (kept.held)
    return (
      <p>
        <StateMark tone="warning" word="Held" /> A legal hold on everything is in force: nothing is removed.
      </p>
    )
  if (kept.startedAt === null)
    return <p className="soft">No round has run yet. The first one begins within the hour.</p>
  return (
    <p className="soft">
      {kept.running ? 'A round is under way since ' : 'The last round began '}
      <Time at={kept.startedAt} />
      {kept.running ? '; it works in quiet moments.' : '. The next one follows a day after it.'}
    </p>
  )
}

function Holds() {
  const query = useQuery({ queryKey: [...key, 'holds'], queryFn: ({ signal }) => retention.holds(signal) })
  const [placing, setPlacing] = useState(false)
  const [lifting, setLifting] = useState<LegalHold | null>(null)
  return (
    <Section
      title="Legal holds"
      aside={
        <Button size="compact-sm" variant="default" onClick={() => setPlacing(true)}>
          Place a hold
        </Button>
      }
    >
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      {query.data?.items.length === 0 && (
        <Empty title="Nothing is held.">A hold keeps what a lawsuit or an audit needs, however old it gets.</Empty>
      )}
      <ul className="rows">
        {query.data?.items.map((hold) => (
          <li key={hold.id}>
            <span className="grow">
              <strong>{nameOf(hold)}</strong>
              <br />
              <span className="soft">{hold.reason}</span>
            </span>
            <span className="soft">
              {hold.placedBy}, <Time at={hold.placedAt} />
            </span>
            <Button
              size="compact-sm"
              variant="default"
              onClick={() => setLifting(hold)}
              aria-label={`Lift the hold on ${nameOf(hold)}`}
            >
              Lift
            </Button>
          </li>
        ))}
      </ul>
      {placing && <PlaceHold onClose={() => setPlacing(false)} />}
      {lifting !== null && <LiftHold hold={lifting} onClose={() => setLifting(null)} />}
    </Section>
  )
}

function nameOf({ kind, name }: LegalHold): string {
  return kind === 'everything'
    ? 'Everything'
    : `${kind === 'incident' ? 'Incident' : kind === 'service' ? 'Service' : 'Person'} ${name}`
}

function PlaceHold({ onClose }: { onClose: () => void }) {
  const [kind, setKind] = useState<HoldKind>('incident')
  const [name, setName] = useState('')
  const [reason, setReason] = useState('')
  const place = useMutation({
    mutationFn: () =>
      retention.place({ kind, reason: reason.trim(), ...(kind === 'everything' ? {} : { name: name.trim() }) }),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Dialog title="Place a legal hold" onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          place.mutate()
        }}
      >
        <SelectField
          title="What is held"
          value={kind}
          onChange={(event) => {
            const { value } = event.currentTarget
            setKind(kinds.find((each) => each === value) ?? 'incident')
          }}
        >
          {kinds.map((each) => (
            <option key={each} value={each}>
              {kindWords[each]}
            </option>
          ))}
        </SelectField>
        {kind !== 'everything' && (
          <TextInput
            label={kind === 'incident' ? 'Number' : 'Name'}
            placeholder={kind === 'incident' ? '12' : kind === 'service' ? 'checkout' : 'ana'}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={200}
            required
          />
        )}
        <TextInput
          label="Reason"
          description="It stays in the journal, which everybody may read who reads the console."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          required
        />
        <ProblemNote error={place.error} />
        <Button type="submit" loading={place.isPending} disabled={reason.trim() === ''}>
          Hold it
        </Button>
      </form>
    </Dialog>
  )
}

function LiftHold({ hold, onClose }: { hold: LegalHold; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const lift = useMutation({
    mutationFn: () => retention.lift(hold.id, reason.trim()),
    onSuccess: async () => {
      await refresh()
      onClose()
    },
  })
  return (
    <Dialog title={`Lift the hold on ${nameOf(hold)}`} onClose={onClose}>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault()
          lift.mutate()
        }}
      >
        <TextInput
          label="Reason"
          description="What is old by then goes with the next round. The reason stays in the journal."
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          maxLength={1000}
          required
          data-autofocus
        />
        <ProblemNote error={lift.error} />
        <Button type="submit" loading={lift.isPending} disabled={reason.trim() === ''}>
          Lift it
        </Button>
      </form>
    </Dialog>
  )
}
