// An override, judged while it is written: whom it moves, and what it breaks.
import { Button } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { Span } from '../../parts/axis.ts'
import { InputField, SelectField } from '../../parts/field.tsx'
import { durationText, plural, toLocalInput, zoneName } from '../../parts/format.ts'
import { presentMs } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { oncall } from '../../shell/api.ts'
import { usePeople } from '../../shell/directory.ts'
import { PersonOptions } from '../../shell/person-options.tsx'
import { queries } from '../../shell/queries.ts'
import { say } from '../../shell/undo.tsx'
import { withTitles } from './findings.tsx'
import type { OverrideDraft, OverrideKind } from './override-draft.ts'

const hour = 3_600_000
const day = 24 * hour

export function OverrideForm({
  schedule,
  draft,
  me,
  picked,
  onPick,
}: {
  schedule: string
  draft: OverrideDraft | null
  me: string | null
  /** What is drawn in the calendar; the two move each other. */
  picked: Span | null
  onPick: (span: Span) => void
}) {
  const people = usePeople()
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone
  const nextHour = Math.ceil(presentMs() / hour) * hour
  const [kind, setKind] = useState<OverrideKind>(draft?.kind ?? 'replace')
  const [chosen, setWho] = useState('')
  const [covers, setCovers] = useState(draft?.covers ?? '')
  const usual = [me, ...people.keys()].find((each) => each !== null && each !== covers) ?? ''
  const who = chosen !== '' ? chosen : usual
  const [reason, setReason] = useState('')
  const [start, setStart] = useState(() =>
    toLocalInput(draft?.start === undefined ? nextHour : Math.max(Date.parse(draft.start), nextHour)),
  )
  const [end, setEnd] = useState(() =>
    toLocalInput(draft?.end === undefined ? nextHour + 8 * hour : Date.parse(draft.end)),
  )
  useEffect(() => {
    if (picked === null) return
    setStart(toLocalInput(picked.from))
    setEnd(toLocalInput(picked.to))
  }, [picked])
  const move = (from: string, to: string) => {
    setStart(from)
    setEnd(to)
    if (Date.parse(to) > Date.parse(from)) onPick({ from: Date.parse(from), to: Date.parse(to) })
  }
  const lengthMs = Date.parse(end) - Date.parse(start)
  const sound = lengthMs > 0 && who !== ''
  const order = {
    kind,
    person: who,
    ...(kind === 'replace' && covers !== '' ? { covers } : {}),
    start: sound ? new Date(start).toISOString() : '',
    end: sound ? new Date(end).toISOString() : '',
    reason: reason.trim(),
  }
  const create = useMutation({
    mutationFn: () => oncall.override(schedule, order),
    onSuccess: () => {
      say({ sentence: 'The override stands in the schedule.', undo: null })
      return queries.invalidateQueries({ queryKey: ['oncall'] })
    },
  })
  return (
    <Section title="Override" aside={`Times in your zone, ${zoneName(zone)}; key o`}>
      <form
        className="form-row"
        onSubmit={(event) => {
          event.preventDefault()
          create.mutate()
        }}
      >
        <SelectField title="What" value={kind} onChange={(event) => setKind(kindOf(event.currentTarget.value))}>
          <option value="replace">takes over</option>
          <option value="add">joins, or fills a gap</option>
          <option value="remove">steps out</option>
        </SelectField>
        <SelectField title="Who" value={who} onChange={(event) => setWho(event.currentTarget.value)}>
          <PersonOptions />
        </SelectField>
        {kind === 'replace' && (
          <SelectField title="From whom" value={covers} onChange={(event) => setCovers(event.currentTarget.value)}>
            <option value="">whoever has the turn</option>
            <PersonOptions except={who} />
          </SelectField>
        )}
        <InputField
          title="From"
          type="datetime-local"
          value={start}
          onChange={(event) => move(event.currentTarget.value, end)}
          required
        />
        <InputField
          title="Until"
          type="datetime-local"
          value={end}
          onChange={(event) => move(start, event.currentTarget.value)}
          required
        />
        <InputField
          title="Why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
          required
          maxLength={500}
        />
        <Button type="submit" variant="default" loading={create.isPending} disabled={!sound}>
          {lengthMs > 0 ? `Override ${durationText(lengthMs)}` : 'The end must be later'}
        </Button>
      </form>
      <ProblemNote error={create.error} retry={() => create.mutate()} />
      {sound && <Preview schedule={schedule} order={order} />}
    </Section>
  )
}

function Preview({ schedule, order }: { schedule: string; order: Parameters<typeof oncall.override>[1] }) {
  const people = usePeople()
  const title = (each: string) => people.get(each)?.title ?? each
  // What is typed as the reason changes nothing about who is on call.
  const [asked] = useDebouncedValue(JSON.stringify({ ...order, reason: order.reason === '' ? '…' : order.reason }), 250)
  const body = previewOf(asked)
  const query = useQuery({
    queryKey: ['oncall', 'preview', schedule, { ...body, override: { ...body.override, reason: '' } }],
    queryFn: ({ signal }) => oncall.preview(schedule, body, signal),
    placeholderData: (before) => before,
    retry: false,
  })
  const fresh = query.data?.findings.filter((each) => each.fresh) ?? []
  return (
    <div className="preview" aria-live="polite" aria-busy={query.isFetching}>
      <ProblemNote error={query.error} />
      {query.data !== undefined && query.error === null && (
        <>
          {query.data.changes.length === 0 && <p className="soft">This changes nobody’s shift.</p>}
          <ul className="rows">
            {query.data.changes.slice(0, 5).map((each) => (
              <li key={each.start}>
                <span className="grow">
                  {each.before.length === 0 ? 'Nobody' : each.before.map(title).join(', ')} →{' '}
                  <strong>{each.after.length === 0 ? 'nobody' : each.after.map(title).join(', ')}</strong>
                </span>
                <span className="soft">
                  <Time at={each.start} show="clock" /> to <Time at={each.end} show="clock" />
                </span>
              </li>
            ))}
          </ul>
          {query.data.changes.length > 5 && (
            <p className="soft">And {plural(query.data.changes.length - 5, 'more change')}.</p>
          )}
          {fresh.map((each) => (
            <p key={each.sentence} className="schedule-sentence finding">
              <StateMark
                tone={each.level === 'serious' ? 'critical' : 'warning'}
                word={withTitles(each, people)}
                strong={each.level === 'serious'}
              />
            </p>
          ))}
        </>
      )}
    </div>
  )
}

function previewOf(asked: string): Parameters<typeof oncall.preview>[1] {
  const override: Parameters<typeof oncall.override>[1] = JSON.parse(asked)
  // A day on each side shows what the change touches.
  const from = new Date(Date.parse(override.start) - day).toISOString()
  const to = new Date(Date.parse(override.end) + day).toISOString()
  return { override, from, to }
}

function kindOf(text: string): OverrideKind {
  return text === 'add' || text === 'remove' ? text : 'replace'
}
