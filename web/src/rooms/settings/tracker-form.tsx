// What a tracker needs to be connected, and the names of its states where they are not the usual ones.
import { Button, PasswordInput, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { SelectField } from '../../parts/field.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { queries } from '../../shell/queries.ts'
import { type ConnectionForm, type TicketConnection, type TrackerKind, trackers } from '../../shell/ticket-api.ts'
import './trackers.css'

interface Words {
  readonly title: string
  readonly url: string
  readonly project: string
  readonly token: string
  readonly user: string | null
  readonly type: string | null
}

const kinds: Readonly<Record<TrackerKind, Words>> = {
  github: {
    title: 'GitHub',
    url: 'https://api.github.com',
    project: 'owner/repository',
    token: 'A fine-grained token with read and write access to issues.',
    user: null,
    type: null,
  },
  gitlab: {
    title: 'GitLab',
    url: 'https://gitlab.com',
    project: 'group/project',
    token: 'A project access token with the scope api and the role Reporter.',
    user: null,
    type: null,
  },
  jira: {
    title: 'Jira',
    url: 'https://your-company.atlassian.net',
    project: 'The key, such as OPS.',
    token: 'Cloud: an API token of that user. Data Center: a personal access token, and no user.',
    user: 'Cloud: the e-mail address of the account.',
    type: 'Issue type; Task unless said.',
  },
  servicenow: {
    title: 'ServiceNow',
    url: 'https://your-company.service-now.com',
    project: 'The assignment group of new records, or - for none.',
    token: 'The password of that user, or a bearer token and no user.',
    user: 'A user with the role itil.',
    type: 'Table; incident unless said.',
  },
}
const order: readonly TrackerKind[] = ['github', 'gitlab', 'jira', 'servicenow']
const states = [
  ['open', 'Waits'],
  ['doing', 'Being worked on'],
  ['done', 'Done'],
  ['dropped', 'Given up'],
] as const
type State = (typeof states)[number][0]

interface Values {
  readonly name: string
  readonly url: string
  readonly project: string
  readonly user: string
  readonly token: string
  readonly hookSecret: string
  readonly type: string
  readonly states: Readonly<Record<State, string>>
}

function begin(kept: TicketConnection | null): Values {
  const named = (state: State) => kept?.states[state]?.join(', ') ?? ''
  return {
    name: kept?.name ?? '',
    url: kept?.url ?? '',
    project: kept?.project ?? '',
    user: kept?.user ?? '',
    token: '',
    hookSecret: '',
    type: kept?.type ?? '',
    states: { open: named('open'), doing: named('doing'), done: named('done'), dropped: named('dropped') },
  }
}

function formOf(tracker: TrackerKind, values: Values): ConnectionForm {
  const given = (text: string) => (text.trim() === '' ? undefined : text.trim())
  const [user, type, token, hookSecret] = [values.user, values.type, values.token, values.hookSecret].map(given)
  const listed = states.flatMap(([state]) => {
    const names = values.states[state].split(',').flatMap((each) => given(each) ?? [])
    return names.length === 0 ? [] : [[state, names] as const]
  })
  return {
    tracker,
    url: values.url.trim(),
    project: values.project.trim(),
    user: user ?? null,
    type: type ?? null,
    ...(token === undefined ? {} : { token }),
    ...(hookSecret === undefined ? {} : { hookSecret }),
    states: Object.fromEntries(listed),
  }
}

export function TrackerForm({ kept, onDone }: { kept: TicketConnection | null; onDone: () => void }) {
  const [tracker, setTracker] = useState<TrackerKind>(kept?.tracker ?? 'github')
  const [values, setValues] = useState(() => begin(kept))
  const words = kinds[tracker]
  const put = (part: Partial<Values>) => setValues({ ...values, ...part })
  const connect = useMutation({
    mutationFn: () => trackers.connect(values.name.trim(), formOf(tracker, values)),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['trackers'] })
      onDone()
    },
  })
  const id = `tracker-kind-${kept?.name ?? 'new'}`
  return (
    <form
      className="form tracker-space"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        connect.mutate()
      }}
    >
      {kept === null && (
        <>
          <SelectField
            title="Tracker"
            id={id}
            value={tracker}
            onChange={(event) => setTracker(order.find((each) => each === event.currentTarget.value) ?? 'github')}
          >
            {order.map((each) => (
              <option key={each} value={each}>
                {kinds[each].title}
              </option>
            ))}
          </SelectField>
          <TextInput
            label="Name here"
            description="Lower-case letters, digits and dashes, such as ops."
            required
            maxLength={63}
            value={values.name}
            onChange={(event) => put({ name: event.currentTarget.value })}
          />
        </>
      )}
      <TextInput
        label="Address"
        description={words.url}
        required
        type="url"
        maxLength={500}
        value={values.url}
        onChange={(event) => put({ url: event.currentTarget.value })}
      />
      <TextInput
        label="Project"
        description={words.project}
        required
        maxLength={200}
        value={values.project}
        onChange={(event) => put({ project: event.currentTarget.value })}
      />
      {words.user !== null && (
        <TextInput
          label="User"
          description={words.user}
          maxLength={200}
          value={values.user}
          onChange={(event) => put({ user: event.currentTarget.value })}
        />
      )}
      <PasswordInput
        label="Token"
        description={kept === null ? words.token : 'Left empty, the one that is kept stays.'}
        required={kept === null}
        maxLength={4_000}
        value={values.token}
        autoComplete="off"
        onChange={(event) => put({ token: event.currentTarget.value })}
      />
      <PasswordInput
        label="Secret of its calls"
        description={
          kept?.hookSigned === true
            ? 'Left empty, the one that is kept stays.'
            : 'What the tracker signs its webhooks with. Left empty, tickets are looked at every five minutes.'
        }
        maxLength={500}
        value={values.hookSecret}
        autoComplete="off"
        onChange={(event) => put({ hookSecret: event.currentTarget.value })}
      />
      {words.type !== null && (
        <TextInput
          label="Type"
          description={words.type}
          maxLength={100}
          value={values.type}
          onChange={(event) => put({ type: event.currentTarget.value })}
        />
      )}
      <details>
        <summary>Names of its states</summary>
        <p className="soft">
          Only where they are not the usual ones. The first name is set, every one is read: To Do, Backlog.
        </p>
        <div className="form">
          {states.map(([state, label]) => (
            <TextInput
              key={state}
              label={label}
              maxLength={500}
              value={values.states[state]}
              onChange={(event) => put({ states: { ...values.states, [state]: event.currentTarget.value } })}
            />
          ))}
        </div>
      </details>
      <ProblemNote error={connect.error} />
      <Button type="submit" loading={connect.isPending}>
        Check and keep
      </Button>
    </form>
  )
}
