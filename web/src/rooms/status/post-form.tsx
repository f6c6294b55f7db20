// Publishing: an incident, a maintenance, or what is new about one. What is written here is read by customers.
import { Button, Checkbox, Textarea, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { incidents, type StatusPageView, type StatusPost, status } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { useCustomers } from '../../shell/status-customers.ts'
import {
  closes,
  type Impact,
  impacts,
  impactWords,
  instantOf,
  nextStates,
  type PostState,
  stateWords,
} from './status-words.ts'
import { type Translated, TranslationFields, written } from './translations.tsx'

const refresh = () => queries.invalidateQueries({ queryKey: ['status'] })
type Impacts = Readonly<Record<string, Impact>>

export function NewPost({
  page,
  kind,
  onDone,
}: {
  page: StatusPageView
  kind: StatusPost['kind']
  onDone: () => void
}) {
  const [title, setTitle] = useState('')
  const [body, setBody] = useState('')
  const [state, setState] = useState<PostState>(kind === 'incident' ? 'investigating' : 'scheduled')
  const [chosen, setChosen] = useState<Impacts>({})
  const [incident, setIncident] = useState('')
  const [customer, setCustomer] = useState('')
  const customers = useCustomers(page.name).data?.items ?? []
  const view = customers.find((each) => each.name === customer) ?? page
  const [plan, setPlan] = useState({ startsAt: '', endsAt: '' })
  const [notify, setNotify] = useState(true)
  const [titles, setTitles] = useState<Translated>({})
  const [bodies, setBodies] = useState<Translated>({})
  const open = useQuery({
    queryKey: ['incidents', 'for-status'],
    queryFn: ({ signal }) => incidents.list({ status: 'open', limit: 50 }, signal),
    enabled: kind === 'incident',
  })
  const draft = useMutation({
    mutationFn: (of: { incident: string; customer: string }) => status.draft(page.name, of.incident, of.customer),
    onSuccess: (drafted) => {
      setTitle(drafted.title)
      setBody(drafted.body)
      setState(drafted.state)
      setChosen(drafted.impacts)
    },
  })
  const publish = useMutation({
    mutationFn: () => {
      const startsAt = instantOf(plan.startsAt)
      const endsAt = instantOf(plan.endsAt)
      return status.publish(page.name, {
        kind,
        title: title.trim(),
        body: body.trim(),
        state,
        impacts: closes(state) ? {} : chosen,
        notify,
        titles: written(titles),
        bodies: written(bodies),
        ...(incident === '' ? {} : { incident }),
        ...(customer === '' ? {} : { customer }),
        ...(kind === 'maintenance' && startsAt !== null ? { startsAt } : {}),
        ...(kind === 'maintenance' && endsAt !== null ? { endsAt } : {}),
      })
    },
    onSuccess: () => {
      onDone()
      return refresh()
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        publish.mutate()
      }}
    >
      {customers.length > 0 && (
        <SelectField
          title="For"
          value={customer}
          onChange={(event) => {
            setCustomer(event.currentTarget.value)
            // The components are others, and so are the words.
            setChosen({})
            if (incident !== '') draft.mutate({ incident, customer: event.currentTarget.value })
          }}
        >
          <option value="">Everybody who reads the page</option>
          {customers.map((each) => (
            <option key={each.name} value={each.name}>
              {each.title} alone
            </option>
          ))}
        </SelectField>
      )}
      {kind === 'incident' && (open.data?.items.length ?? 0) > 0 && (
        <SelectField
          title="From an open incident"
          value={incident}
          onChange={(event) => {
            setIncident(event.currentTarget.value)
            if (event.currentTarget.value !== '') draft.mutate({ incident: event.currentTarget.value, customer })
          }}
        >
          <option value="">None</option>
          {open.data?.items.map((each) => (
            <option key={each.id} value={each.id}>
              #{each.number} {each.title}
            </option>
          ))}
        </SelectField>
      )}
      <TextInput
        label="Title"
        value={title}
        onChange={(event) => setTitle(event.currentTarget.value)}
        required
        maxLength={200}
      />
      {kind === 'maintenance' && (
        <div className="form-row">
          <TextInput
            label="Begins"
            type="datetime-local"
            value={plan.startsAt}
            onChange={(event) => setPlan({ ...plan, startsAt: event.currentTarget.value })}
            required
          />
          <TextInput
            label="Ends"
            type="datetime-local"
            value={plan.endsAt}
            onChange={(event) => setPlan({ ...plan, endsAt: event.currentTarget.value })}
            required
          />
        </div>
      )}
      <StateAndImpacts
        components={view.components}
        states={kind === 'incident' ? nextStates('incident', 'investigating') : ['scheduled', 'in_progress']}
        state={state}
        onState={setState}
        chosen={chosen}
        onChosen={setChosen}
      />
      <Words
        body={body}
        onBody={setBody}
        notify={notify}
        onNotify={setNotify}
        subscribers={view.subscribers.confirmed}
      />
      <TranslationFields page={page} titles={{ of: titles, set: setTitles }} bodies={{ of: bodies, set: setBodies }} />
      <ProblemNote error={publish.error ?? draft.error} />
      <div className="form-row">
        <Button type="submit" loading={publish.isPending}>
          Publish
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

export function UpdatePost({ page, post, onDone }: { page: StatusPageView; post: StatusPost; onDone: () => void }) {
  const customers = useCustomers(page.name).data?.items ?? []
  const view = customers.find((each) => each.name === post.customer) ?? page
  const states = nextStates(post.kind, post.state)
  const [state, setState] = useState<PostState>(post.state)
  const [body, setBody] = useState('')
  const [chosen, setChosen] = useState<Impacts>(post.impacts)
  const [notify, setNotify] = useState(true)
  const [bodies, setBodies] = useState<Translated>({})
  const update = useMutation({
    mutationFn: () =>
      status.update(post.id, {
        state,
        body: body.trim(),
        bodies: written(bodies),
        notify,
        ...(closes(state) ? {} : { impacts: chosen }),
      }),
    onSuccess: () => {
      onDone()
      return refresh()
    },
  })
  return (
    <form
      className="form"
      onSubmit={(event) => {
        event.preventDefault()
        update.mutate()
      }}
    >
      <StateAndImpacts
        components={view.components}
        states={states}
        state={state}
        onState={setState}
        chosen={chosen}
        onChosen={setChosen}
      />
      <Words
        body={body}
        onBody={setBody}
        notify={notify}
        onNotify={setNotify}
        subscribers={view.subscribers.confirmed}
      />
      <TranslationFields page={page} titles={null} bodies={{ of: bodies, set: setBodies }} />
      <ProblemNote error={update.error} />
      <div className="form-row">
        <Button type="submit" loading={update.isPending}>
          {closes(state) ? `Publish: ${stateWords[state].toLowerCase()}` : 'Publish the update'}
        </Button>
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
      </div>
    </form>
  )
}

function StateAndImpacts(form: {
  components: readonly { readonly name: string; readonly title: string }[]
  states: readonly PostState[]
  state: PostState
  onState: (state: PostState) => void
  chosen: Impacts
  onChosen: (chosen: Impacts) => void
}) {
  return (
    <>
      <SelectField
        title="State"
        value={form.state}
        onChange={(event) => form.onState(form.states.find((each) => each === event.currentTarget.value) ?? form.state)}
      >
        {form.states.map((each) => (
          <option key={each} value={each}>
            {stateWords[each]}
          </option>
        ))}
      </SelectField>
      {closes(form.state) ? (
        <p className="soft">Every component is operational again with this.</p>
      ) : (
        <fieldset className="impact-fields">
          <legend>Components</legend>
          {form.components.map((component) => (
            <label key={component.name} className="impact-field">
              <span>{component.title}</span>
              <select
                className="plain-select"
                value={form.chosen[component.name] ?? 'operational'}
                onChange={(event) => {
                  const impact = impacts.find((each) => each === event.currentTarget.value) ?? 'operational'
                  form.onChosen({ ...form.chosen, [component.name]: impact })
                }}
              >
                {impacts.map((each) => (
                  <option key={each} value={each}>
                    {impactWords[each]}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </fieldset>
      )}
    </>
  )
}

function Words(form: {
  body: string
  onBody: (body: string) => void
  notify: boolean
  onNotify: (notify: boolean) => void
  subscribers: number
}) {
  return (
    <>
      <Textarea
        label="What customers read"
        description="What they notice, what is done, when they hear more."
        value={form.body}
        onChange={(event) => form.onBody(event.currentTarget.value)}
        required
        maxLength={5_000}
        autosize
        minRows={3}
      />
      <Checkbox
        label={`Tell subscribers (${form.subscribers})`}
        checked={form.notify}
        onChange={(event) => form.onNotify(event.currentTarget.checked)}
      />
    </>
  )
}
