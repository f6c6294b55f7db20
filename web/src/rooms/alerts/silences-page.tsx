// Silences: what nobody is paged for, until when and why; and a new one, judged while it is written.
import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Link } from 'wouter'
import { Empty, SkeletonRows } from '../../parts/empty.tsx'
import { InputField } from '../../parts/field.tsx'
import { plural, toLocalInput, zoneName } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { PageHead, Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark, type Tone } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { useUrlState } from '../../parts/url-state.ts'
import { catalog, type Silence, type SilencePreview, silences } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { useMay } from '../../shell/session.tsx'
import { say } from '../../shell/undo.tsx'
import { alertLook, alertName } from '../../shell/words.ts'
import { readMatcherLines } from './matcher-lines.ts'
import { endsOf, noEnds, SilenceEndsFields } from './silence-ends.tsx'
import './alerts.css'

const hour = 3_600_000
const waitMs = 300

export default function SilencesPage() {
  const may = useMay('responder')
  const query = useQuery({ queryKey: ['silences'], queryFn: ({ signal }) => silences.list(signal) })
  const rows = query.data?.items ?? []
  return (
    <>
      <PageHead
        title="Silences"
        crumb={{ title: 'Alerts', href: '/alerts' }}
        sentence={
          <>
            A silence holds pages back for a while. Alerts still open, end and count. Planned work is{' '}
            <Link href="/maintenance">maintenance</Link>.
          </>
        }
      />
      <div className="columns">
        <div>
          <Section title="Active and to come" {...(rows.length === 0 ? {} : { aside: plural(rows.length, 'silence') })}>
            <ProblemNote error={query.error} retry={() => void query.refetch()} />
            {query.isPending && <SkeletonRows rows={3} />}
            {query.data !== undefined && rows.length === 0 && (
              <Empty title="Nothing is silenced.">Every alert reaches whoever is on call for it.</Empty>
            )}
            <ul className="rows">
              {rows.map((row) => (
                <SilenceLine key={row.id} silence={row} may={may} />
              ))}
            </ul>
          </Section>
        </div>
        <div>{may && <SilenceForm />}</div>
      </div>
    </>
  )
}

const tones: Readonly<Record<Silence['state'], Tone>> = { active: 'silenced', pending: 'info', expired: 'unknown' }

function SilenceLine({ silence, may }: { silence: Silence; may: boolean }) {
  const end = useMutation({
    mutationFn: () => silences.end(silence.id),
    onSuccess: () => {
      say({ sentence: 'The silence is over: what it held back is told now.', undo: null })
      return queries.invalidateQueries({ queryKey: ['silences'] })
    },
  })
  const sets = silence.sets.map((set) => set.map((each) => `${each.name}${each.operator}${each.value}`).join(', '))
  return (
    <li>
      <span className="grow">
        <code>{sets.join(' or ')}</code>
        <span className="soft page-because">
          {silence.reason} – <PersonName name={silence.createdBy} />
          {silence.endsWith.length > 0 && ` – also ends ${silence.endsWith.join(', ')}`}
          {silence.lostEnds.length > 0 && ` – no longer ends with ${silence.lostEnds.join(', ')}`}
        </span>
        <ProblemNote error={end.error} retry={() => end.mutate()} />
      </span>
      <StateMark tone={tones[silence.state]} word={silence.state === 'pending' ? 'begins' : silence.state} />
      <span className="soft">
        {silence.state === 'pending' ? <Time at={silence.startsAt} /> : null} until <Time at={silence.endsAt} />
      </span>
      {may && (
        <Button variant="default" size="compact-sm" loading={end.isPending} onClick={() => end.mutate()}>
          End now
        </Button>
      )}
    </li>
  )
}

function SilenceForm() {
  const [given] = useUrlState('of', '')
  const [text, setText] = useState(given)
  const [end, setEnd] = useState(() => toLocalInput(presentMs() + 2 * hour))
  const [reason, setReason] = useState('')
  const [ends, setEnds] = useState(noEnds)
  const [asked] = useDebouncedValue(text, waitMs)
  const typed = readMatcherLines(asked)
  const sound = typed.ok && typed.matchers.length > 0 && !Number.isNaN(Date.parse(end))
  const body = { sets: typed.ok ? [typed.matchers] : [], endsAt: sound ? new Date(end).toISOString() : '' }
  const preview = useQuery({
    queryKey: ['silences', 'preview', body],
    queryFn: ({ signal }) => silences.preview(body, signal),
    enabled: sound,
    retry: false,
  })
  const known = useQuery({
    queryKey: ['resources', 'services'],
    queryFn: ({ signal }) => catalog.resources('services', signal),
  })
  const services = (known.data?.items ?? []).map((each) => each.metadata.name)
  const create = useMutation({
    mutationFn: () => {
      const endsWith = endsOf(ends)
      return silences.create({ ...body, reason: reason.trim(), ...(endsWith === undefined ? {} : { endsWith }) })
    },
    onSuccess: () => {
      setEnds(noEnds)
      setText('')
      setReason('')
      say({ sentence: 'Silenced. Ends and new problems still show here.', undo: null })
      return queries.invalidateQueries({ queryKey: ['silences'] })
    },
  })
  return (
    <Section title="New silence">
      <form
        className="silence-form"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <label className="field">
          <span>Alerts that match every line</span>
          <textarea
            className="plain-select mono"
            rows={4}
            placeholder={'service=cart\nalertname=~Disk.*'}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            required
          />
        </label>
        {!typed.ok && <p className="soft">Line {typed.line} is no matcher. Write name=value or name=~pattern.</p>}
        <InputField
          title={<>Until ({zoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)})</>}
          type="datetime-local"
          value={end}
          onChange={(event) => setEnd(event.currentTarget.value)}
          required
        />
        <InputField
          title="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          maxLength={500}
        />
        <SilenceEndsFields form={ends} services={services} onChange={setEnds} />
        {sound && preview.data !== undefined && <Preview of={preview.data} />}
        <ProblemNote error={sound ? preview.error : null} retry={() => void preview.refetch()} />
        <Button type="submit" loading={create.isPending} disabled={!sound || preview.data === undefined}>
          Silence
        </Button>
      </form>
      <ProblemNote error={create.error} retry={() => create.mutate()} />
    </Section>
  )
}

function Preview({ of }: { of: SilencePreview }) {
  return (
    <div aria-live="polite">
      <p>
        Hides <strong>{plural(of.open, 'open alert')}</strong> now; would have hidden {of.history} of the last 30 days.
      </p>
      {of.warnings.map((warning) => (
        <p key={warning}>
          <StateMark tone="warning" word={warning} />
        </p>
      ))}
      <ul className="rows">
        {of.examples.slice(0, 8).map((alert) => {
          const look = alertLook(alert)
          return (
            <li key={alert.id}>
              <span className="grow">
                <Link href={`/alerts/${alert.id}`}>
                  {alertName(alert)} {alert.title}
                </Link>
              </span>
              <StateMark tone={look.tone} word={look.word} />
            </li>
          )
        })}
      </ul>
    </div>
  )
}
