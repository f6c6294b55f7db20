// Updates: the promised time runs visibly; a draft is made of facts, with what changed since the last one.
import { Button, Textarea } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { Choice } from '../../parts/choice.tsx'
import { SelectField } from '../../parts/field.tsx'
import { durationText } from '../../parts/format.ts'
import { useNow } from '../../parts/now.ts'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import type { IncidentDetail } from '../../shell/api.ts'
import { PersonName } from '../../shell/person-name.tsx'
import { queries } from '../../shell/queries.ts'
import { type Audience, incidentRoom } from '../../shell/response-api.ts'
import { useMay } from '../../shell/session.tsx'
import { useCustomers } from '../../shell/status-customers.ts'
import { WaitingUpdates } from './waiting-updates.tsx'
import type { Wish } from './wish.ts'

const audiences = [
  { value: 'company', title: 'Company' },
  { value: 'executives', title: 'Executives' },
  { value: 'customers', title: 'Customers' },
  { value: 'customer', title: 'One customer' },
  { value: 'responders', title: 'Responders' },
] as const

/** The countdown to the promised update; what stands in the head of the room. */
export function NextUpdate({ at }: { at: string | null }) {
  const now = useNow()
  if (at === null) return null
  const left = Date.parse(at) - now
  return left >= 0 ? (
    <span>Next update in {durationText(Math.max(left, 60_000))}</span>
  ) : (
    <StateMark tone="warning" word={`Update overdue for ${durationText(-left)}`} />
  )
}

export function Updates({ incident, wish }: { incident: IncidentDetail; wish: Wish }) {
  const may = useMay('responder')
  const [audience, setAudience] = useState<Audience>('company')
  const customers = useCustomers().data?.items ?? []
  const [customer, setCustomer] = useState('')
  const one = audience === 'customer'
  const to = one ? { audience, customer } : { audience }
  // Restricted incidents and drills are told to no customer.
  const told = customers.length > 0 && incident.kind !== 'security' && incident.kind !== 'drill'
  const options = audiences.filter((each) => each.value !== 'customer' || told)
  const field = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState('')
  const [changed, setChanged] = useState<readonly { fact: string; before: string | null; after: string | null }[]>([])
  const query = useQuery({
    queryKey: ['incidents', 'updates', incident.id],
    queryFn: ({ signal }) => incidentRoom.updates(incident.id, signal),
  })
  const waits = query.data?.approval.includes(audience) === true
  const draft = useMutation({
    mutationFn: () => incidentRoom.draft(incident.id, to),
    onSuccess: (made) => {
      setText(made.text)
      field.current?.focus()
      setChanged(made.changed)
    },
  })
  const post = useMutation({
    mutationFn: async () => {
      await (waits ? incidentRoom.proposeUpdate : incidentRoom.post)(incident.id, to, text.trim())
    },
    onSuccess: () => {
      setText('')
      setChanged([])
      return queries.invalidateQueries({ queryKey: ['incidents'] })
    },
  })
  // biome-ignore lint/correctness/useExhaustiveDependencies: the count is the reason to run
  useEffect(() => {
    if (wish.what === 'update' && may) draft.mutate()
  }, [wish.times])
  const titleOf = (name: string | null) => customers.find((each) => each.name === name)?.title ?? name
  return (
    <Section title="Updates" aside={<NextUpdate at={incident.nextUpdateAt} />}>
      {may && (
        <form
          className="form"
          onSubmit={(event) => {
            event.preventDefault()
            if (text.trim() !== '' && !(one && customer === '')) post.mutate()
          }}
        >
          <Choice label="To whom" value={audience} onChange={setAudience} options={options} />
          {one && (
            <>
              <SelectField
                title="Customer"
                value={customer}
                onChange={(event) => setCustomer(event.currentTarget.value)}
                required
              >
                <option value="">Choose one</option>
                {customers.map((each) => (
                  <option key={each.name} value={each.name}>
                    {each.title}, on {each.page}
                  </option>
                ))}
              </SelectField>
              <p className="soft">It stands on this customer’s view at once, and is told to who hears of that.</p>
            </>
          )}
          <Textarea
            ref={field}
            aria-label="Update"
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.form?.requestSubmit()
              if (event.key === 'Escape') event.currentTarget.blur()
            }}
            placeholder="Draft it from the facts, then say it in your words"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            rows={text === '' ? 2 : 9}
            maxLength={4000}
          />
          {waits && <p className="soft">Somebody else approves it first; nobody is told before.</p>}
          {changed.length > 0 && (
            <ul className="soft">
              {changed.map((each) => (
                <li key={each.fact}>
                  {each.fact}: {each.before ?? 'not known before'} → {each.after ?? 'no longer'}
                </li>
              ))}
            </ul>
          )}
          <div className="form-buttons">
            <Button
              variant="default"
              type="button"
              loading={draft.isPending}
              disabled={one && customer === ''}
              onClick={() => draft.mutate()}
              rightSection={<kbd>u</kbd>}
            >
              Draft from facts
            </Button>
            <Button type="submit" loading={post.isPending} disabled={text.trim() === '' || (one && customer === '')}>
              {waits ? 'Propose the update' : 'Post the update'}
            </Button>
          </div>
          <ProblemNote error={draft.error ?? post.error} />
        </form>
      )}
      <ProblemNote error={query.error} retry={() => void query.refetch()} />
      <WaitingUpdates incident={incident} waiting={query.data?.waiting ?? []} titleOf={titleOf} />
      <ul className="rows">
        {query.data?.items.map((update) => (
          <li key={update.id}>
            <div className="grow">
              <p className="update-text">{update.text}</p>
              <p className="soft timeline-foot">
                Update {update.number} to {titleOf(update.customer) ?? update.audience} by{' '}
                <PersonName name={update.postedBy} />
                {update.approvedBy !== null && (
                  <>
                    approved by <PersonName name={update.approvedBy} />
                  </>
                )}
                <Time at={update.postedAt} />
              </p>
            </div>
          </li>
        ))}
      </ul>
      {query.data?.items.length === 0 && <p className="soft">Nobody was told yet.</p>}
    </Section>
  )
}
