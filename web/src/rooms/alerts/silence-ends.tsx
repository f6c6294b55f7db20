// What ends a silence before its time: an incident, a ticket, the next change of a service, more alerts than it was made for.
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { InputField, SelectField } from '../../parts/field.tsx'
import { plural } from '../../parts/format.ts'
import { incidents } from '../../shell/api.ts'
import { type Ticket, tickets } from '../../shell/ticket-api.ts'

export interface EndsForm {
  /** Id of an incident; empty: none. */
  readonly incident: string
  /** Id of a ticket; empty: none. */
  readonly ticket: string
  readonly change: string
  readonly alerts: string
  readonly minutes: string
}

export const noEnds: EndsForm = { incident: '', ticket: '', change: '', alerts: '', minutes: '10' }

/** As the API takes it; undefined when nothing was chosen. */
export function endsOf(form: EndsForm) {
  const [alerts, minutes] = [Number(form.alerts), Number(form.minutes)]
  const ends = {
    ...(form.incident === '' ? {} : { incident: form.incident }),
    ...(form.ticket === '' ? {} : { ticket: form.ticket }),
    ...(form.change.trim() === '' ? {} : { change: form.change.trim() }),
    ...(alerts >= 1 && minutes >= 1 ? { rate: { alerts, withinMs: minutes * 60_000 } } : {}),
  }
  return Object.keys(ends).length === 0 ? undefined : ends
}

/** `It ends then, or earlier: when … or …` */
export function endWords(form: EndsForm, names: ReadonlyMap<string, string>): string | null {
  const ends = endsOf(form)
  if (ends === undefined) return null
  const words = [
    ...(ends.incident === undefined ? [] : [`when ${names.get(ends.incident) ?? 'the incident'} is resolved`]),
    ...(ends.ticket === undefined ? [] : [`when ${names.get(ends.ticket) ?? 'the ticket'} is closed`]),
    ...(ends.change === undefined ? [] : [`with the next change of ${ends.change}`]),
    ...(ends.rate === undefined
      ? []
      : [
          `when more than ${plural(ends.rate.alerts, 'alert')} begin under it within ${ends.rate.withinMs / 60_000} min`,
        ]),
  ]
  return `It ends then, or earlier: ${words.join(', or ')}.`
}

/** At its tracker, and not closed as far as we know. */
const mayEnd = ({ phase, state }: Ticket): boolean => phase === 'there' && state !== 'done' && state !== 'dropped'

export function SilenceEndsFields({
  form,
  services,
  onChange,
}: {
  form: EndsForm
  services: readonly string[]
  onChange: (form: EndsForm) => void
}) {
  const list = useId()
  const open = useQuery({
    queryKey: ['incidents', 'for-silences'],
    queryFn: ({ signal }) => incidents.list({ status: 'open', limit: 50 }, signal),
  })
  const named = open.data?.items ?? []
  const recent = useQuery({
    queryKey: ['tickets', 'for-silences'],
    queryFn: ({ signal }) => tickets.recent(signal),
  })
  const waiting = (recent.data?.items ?? []).filter(mayEnd)
  const words = endWords(
    form,
    new Map([
      ...named.map((each) => [each.id, `I-${each.number}`] as const),
      ...waiting.map((each) => [each.id, each.key ?? ''] as const),
    ]),
  )
  return (
    <fieldset className="silence-ends">
      <legend>It may end earlier</legend>
      <SelectField
        title="When this incident is resolved"
        value={form.incident}
        onChange={(event) => onChange({ ...form, incident: event.currentTarget.value })}
      >
        <option value="">no incident</option>
        {named.map((each) => (
          <option key={each.id} value={each.id}>
            I-{each.number} {each.title}
          </option>
        ))}
      </SelectField>
      {/* Where no tracker is connected there is nothing to choose. */}
      {waiting.length > 0 && (
        <SelectField
          title="When this ticket is closed"
          value={form.ticket}
          onChange={(event) => onChange({ ...form, ticket: event.currentTarget.value })}
        >
          <option value="">no ticket</option>
          {waiting.map((each) => (
            <option key={each.id} value={each.id}>
              {each.key} {each.title ?? ''} ({each.connection})
            </option>
          ))}
        </SelectField>
      )}
      <label className="field">
        <span>With the next change of a service</span>
        <input
          className="plain-select"
          list={list}
          value={form.change}
          maxLength={63}
          onChange={(event) => onChange({ ...form, change: event.currentTarget.value })}
        />
        <datalist id={list}>
          {services.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      </label>
      <div className="rate-fields">
        <InputField
          title="When more alerts begin than"
          type="number"
          min={1}
          max={10_000}
          value={form.alerts}
          onChange={(event) => onChange({ ...form, alerts: event.currentTarget.value })}
        />
        <InputField
          title="within minutes"
          type="number"
          min={1}
          max={1_440}
          value={form.minutes}
          onChange={(event) => onChange({ ...form, minutes: event.currentTarget.value })}
        />
      </div>
      {words !== null && <p aria-live="polite">{words}</p>}
    </fieldset>
  )
}
