// What the installation holds at providers: one bot, one telephone account. Secrets go in and never come out.
import { Button, Checkbox, NativeSelect, PasswordInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { SkeletonRows } from '../../parts/empty.tsx'
import { Section } from '../../parts/page-head.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { RemoveButton } from '../../parts/remove-button.tsx'
import { StateMark } from '../../parts/state-mark.tsx'
import { Time } from '../../parts/time.tsx'
import { type ChannelState, type ConnectionKind, notifications } from '../../shell/api.ts'
import { queries } from '../../shell/queries.ts'
import { IncidentsInChat } from './chat.tsx'
import { Webhooks } from './webhooks.tsx'

interface Field {
  readonly name: string
  readonly label: string
  readonly hint?: string
  readonly secret?: true
  readonly optional?: true
  /** To be ticked. */
  readonly tick?: true
  /** To be chosen from; the first unless chosen. */
  readonly choices?: readonly string[]
}

interface Provider {
  readonly kind: ConnectionKind
  readonly title: string
  readonly sentence: string
  readonly fields: readonly Field[]
}

const apiUrl: Field = {
  name: 'apiUrl',
  label: 'Address of its API',
  hint: 'Only when it is not the provider’s own.',
  optional: true,
}

const providers: readonly Provider[] = [
  {
    kind: 'slack',
    title: 'Slack',
    sentence: 'With a bot, people acknowledge in Slack. Without one, they can still add incoming webhooks.',
    fields: [
      { name: 'botToken', label: 'Bot token', hint: 'xoxb-…, with the scope chat:write.', secret: true },
      { name: 'signingSecret', label: 'Signing secret', hint: 'Basic information of the app.', secret: true },
      {
        name: 'appToken',
        label: 'App token',
        hint: 'xapp-…, for Socket Mode: Slack then needs no way in.',
        secret: true,
        optional: true,
      },
      apiUrl,
    ],
  },
  {
    kind: 'telegram',
    title: 'Telegram',
    sentence: 'One bot pages everybody who has written to it.',
    fields: [{ name: 'botToken', label: 'Bot token', hint: 'From @BotFather.', secret: true }, apiUrl],
  },
  {
    kind: 'mattermost',
    title: 'Mattermost',
    sentence: 'With a bot, messages are changed when somebody acknowledges. Incoming webhooks work without one.',
    fields: [
      { name: 'url', label: 'Server', hint: 'https://chat.example.org' },
      { name: 'botToken', label: 'Bot token', secret: true },
      {
        name: 'team',
        label: 'Team',
        hint: 'For incidents: where their channels are made, as in its address. Not needed when the bot is in one team only.',
        optional: true,
      },
      {
        name: 'commandToken',
        label: 'Token of the slash command',
        hint: 'For incidents: Mattermost shows it once the command is made.',
        secret: true,
        optional: true,
      },
      {
        name: 'trustAddresses',
        label: 'Addresses in Mattermost come from our directory',
        hint: 'People are then known by them, though Mattermost itself confirms none.',
        optional: true,
        tick: true,
      },
    ],
  },
  {
    kind: 'teams',
    title: 'Microsoft Teams',
    sentence: 'With a bot, people acknowledge in Teams and incidents are led there. Workflows post without one.',
    fields: [
      { name: 'appId', label: 'App id', hint: 'Application (client) id of the Azure Bot.' },
      { name: 'appSecret', label: 'Client secret', hint: 'Its value, not its id.', secret: true },
      { name: 'tenant', label: 'Tenant id', hint: 'Directory (tenant) id the bot belongs to.' },
      {
        name: 'channel',
        label: 'Link to the channel',
        hint: 'For incidents: the channel, ⋯, Get link to channel. Each incident gets a thread there.',
        optional: true,
      },
      {
        name: 'cloud',
        label: 'Cloud',
        hint: 'Public, unless yours is one of the sovereign ones.',
        optional: true,
        choices: ['public', 'gcc', 'gcc-high', 'dod', 'china'],
      },
      { ...apiUrl, hint: 'One address in place of all of Microsoft’s, as behind a proxy.' },
    ],
  },
  {
    kind: 'twilio',
    title: 'Text messages and calls',
    sentence: 'Twilio, or any service with the same API.',
    fields: [
      { name: 'accountSid', label: 'Account SID' },
      { name: 'authToken', label: 'Auth token', secret: true },
      { name: 'from', label: 'Number that calls', hint: '+15005550006' },
      { name: 'messagingService', label: 'Messaging service', hint: 'MG…, for text messages.', optional: true },
      apiUrl,
    ],
  },
]

const key = ['channels']

export default function Channels() {
  const channels = useQuery({ queryKey: key, queryFn: ({ signal }) => notifications.channels(signal) })
  return (
    <>
      <ProblemNote error={channels.error} retry={() => void channels.refetch()} />
      {channels.isPending && <SkeletonRows rows={4} height={56} />}
      {channels.data !== undefined &&
        providers.map((provider) => (
          <Connection
            key={provider.kind}
            provider={provider}
            states={channels.data.items.filter((each) => each.connection === provider.kind)}
          />
        ))}
      {channels.data !== undefined && <IncidentsInChat teamsApp={appOf(channels.data.items)} />}
      {channels.data !== undefined && <Webhooks />}
    </>
  )
}

/** Of the bot in Teams: its manifest names it. */
const appOf = (items: readonly ChannelState[]): string | null =>
  items.find((each) => each.kind === 'teams')?.connected?.shown.app ?? null

function Connection({ provider, states }: { provider: Provider; states: readonly ChannelState[] }) {
  const [open, setOpen] = useState(false)
  const connected = states[0]?.connected ?? null
  const remove = useMutation({
    mutationFn: () => notifications.disconnectChannel(provider.kind),
    onSuccess: () => queries.invalidateQueries({ queryKey: key }),
  })
  const shown = Object.entries(connected?.shown ?? {}).filter(([, value]) => value !== null && value !== '')
  return (
    <Section title={provider.title}>
      <p className="soft">{provider.sentence}</p>
      <ul className="rows">
        <li>
          <span className="grow">
            {connected === null ? (
              <StateMark tone="unknown" word="Not connected" />
            ) : (
              <>
                <StateMark tone="ok" word="Connected" />{' '}
                <span className="soft">
                  {shown.map(([name, value]) => `${name} ${value}`).join(', ')}
                  {shown.length > 0 && ' · '}
                  by {connected.by}, <Time at={connected.at} />
                </span>
              </>
            )}
          </span>
          <Button size="compact-sm" variant="default" onClick={() => setOpen(!open)} aria-expanded={open}>
            {connected === null ? 'Connect' : 'Change'}
          </Button>
          {connected !== null && (
            <RemoveButton
              word="Disconnect"
              of={provider.title}
              loading={remove.isPending}
              onClick={() => remove.mutate()}
            />
          )}
        </li>
      </ul>
      <ProblemNote error={remove.error} />
      {open && <Secrets provider={provider} onDone={() => setOpen(false)} />}
      {connected !== null &&
        states
          .flatMap((state) => state.addresses)
          .map((address) => (
            <p key={address.url}>
              <span className="soft">Give the provider this address ({address.label}):</span>
              <CopyLine text={address.url} label={`Copy the address: ${address.label}`} />
            </p>
          ))}
    </Section>
  )
}

function Secrets({ provider, onDone }: { provider: Provider; onDone: () => void }) {
  const [values, setValues] = useState<Readonly<Record<string, string | boolean>>>({})
  const connect = useMutation({
    mutationFn: () => {
      const given = Object.entries(values).flatMap(([name, value]) =>
        typeof value === 'boolean' ? [[name, value]] : value.trim() === '' ? [] : [[name, value.trim()]],
      )
      return notifications.connectChannel(provider.kind, Object.fromEntries(given))
    },
    onSuccess: () => {
      onDone()
      return queries.invalidateQueries({ queryKey: key })
    },
  })
  return (
    <form
      className="form"
      autoComplete="off"
      onSubmit={(event) => {
        event.preventDefault()
        connect.mutate()
      }}
    >
      {provider.fields.map((field) => {
        const described = field.hint === undefined ? {} : { description: field.hint }
        if (field.tick === true)
          return (
            <Checkbox
              key={field.name}
              label={field.label}
              {...described}
              checked={values[field.name] === true}
              onChange={(event) => setValues({ ...values, [field.name]: event.currentTarget.checked })}
            />
          )
        if (field.choices !== undefined)
          return (
            <NativeSelect
              key={field.name}
              label={field.label}
              {...described}
              data={[...field.choices]}
              value={String(values[field.name] ?? field.choices[0])}
              onChange={(event) => setValues({ ...values, [field.name]: event.currentTarget.value })}
            />
          )
        const Input = field.secret === true ? PasswordInput : TextInput
        return (
          <Input
            key={field.name}
            label={field.label}
            {...described}
            value={String(values[field.name] ?? '')}
            onChange={(event) => setValues({ ...values, [field.name]: event.currentTarget.value })}
            required={field.optional !== true}
            autoComplete="off"
          />
        )
      })}
      <ProblemNote error={connect.error} />
      <Button type="submit" loading={connect.isPending}>
        Check and keep
      </Button>
    </form>
  )
}
