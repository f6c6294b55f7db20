// What is done at a chat before incidents can be led from there, to be copied line by line.
import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import { ProblemNote } from '../../parts/problem-note.tsx'
import { saveFile } from '../../parts/save-text.ts'
import type { ChatState } from '../../shell/chat-api.ts'
import { teamsPackage } from './teams-app.ts'

interface Step {
  readonly text: string
  readonly more?: ReactNode
  readonly lines?: readonly { readonly text: string; readonly label: string }[]
}

export function ChatSteps({ state, teamsApp }: { state: ChatState; teamsApp: string | null }) {
  return (
    <details className="chat-steps">
      <summary>How to set up {state.title}</summary>
      <ol>
        {stepsOf(state, teamsApp).map((step) => (
          <li key={step.text}>
            {step.text}
            {step.lines?.map((line) => (
              <CopyLine key={line.text} text={line.text} label={`Copy: ${line.label}`} />
            ))}
            {step.more}
          </li>
        ))}
      </ol>
    </details>
  )
}

function stepsOf(state: ChatState, teamsApp: string | null): readonly Step[] {
  if (state.provider === 'teams') return teams(state, teamsApp)
  return state.provider === 'mattermost' ? mattermost(state) : slack(state)
}

function teams({ addresses }: ChatState, app: string | null): readonly Step[] {
  const url = addresses[0]?.url ?? ''
  const host = URL.canParse(url) ? new URL(url).origin : ''
  return [
    {
      text: 'In the Azure portal make an Azure Bot: single tenant, a new Microsoft App id. Make a client secret for it and keep its value. Configuration, messaging endpoint:',
      lines: [{ text: url, label: 'messaging endpoint' }],
    },
    { text: 'There, Channels: add Microsoft Teams.' },
    {
      text: 'Above, under Microsoft Teams: connect, with the link to the channel in which incidents get their threads.',
    },
    {
      text: 'Upload the app in the Teams admin center (Teams apps, Manage apps, Upload), or in Teams (Apps, Manage your apps), and add it to the team of that channel.',
      more: <AppPackage app={app} url={host} />,
    },
    { text: 'Then open rooms for incidents, and test. Teams must reach the endpoint from the internet, by https.' },
  ]
}

function AppPackage({ app, url }: { app: string | null; url: string }) {
  const save = useMutation({
    mutationFn: async (id: string) => saveFile('mainstay-teams.zip', await teamsPackage(id, url), 'application/zip'),
  })
  if (app === null) return <p className="soft">Its package is made here once the bot is connected.</p>
  return (
    <>
      <p>
        <Button size="compact-sm" variant="default" loading={save.isPending} onClick={() => save.mutate(app)}>
          Save the app package
        </Button>
      </p>
      <ProblemNote error={save.error} />
    </>
  )
}

function mattermost({ addresses }: ChatState): readonly Step[] {
  const url = addresses[0]?.url ?? ''
  const host = URL.canParse(url) ? new URL(url).host : ''
  return [
    {
      text: 'Make a bot account and keep the token it shows. Integrations, Bot Accounts, or as an administrator:',
      lines: [{ text: 'mmctl bot create mainstay --display-name Mainstay --with-token', label: 'make the bot' }],
    },
    {
      text: 'Add the bot to the team in which incidents get their channels (YOUR-TEAM as in its address).',
      lines: [{ text: 'mmctl team users add YOUR-TEAM mainstay', label: 'add the bot to the team' }],
    },
    {
      text: 'Make the slash command and keep its token. Integrations, Slash Commands: trigger word mainstay, method POST, and this request URL:',
      lines: [
        { text: url, label: 'request URL' },
        {
          text: `mmctl command create YOUR-TEAM --title Mainstay --trigger-word mainstay --url ${url} --creator YOU --post --autocomplete`,
          label: 'make the slash command',
        },
      ],
    },
    {
      text: 'Mattermost calls this host. When it is inside your network, name it under System Console, Environment, Developer, Allow untrusted internal connections.',
      lines: [{ text: host, label: 'host of this server' }],
    },
    { text: 'Above, under Mattermost: connect, with both tokens. Then open rooms for incidents, and test.' },
  ]
}

function slack({ addresses }: ChatState): readonly Step[] {
  return [
    {
      text: 'Make an app at api.slack.com/apps with these bot scopes, and install it:',
      lines: [
        {
          text: 'chat:write,commands,channels:manage,channels:read,channels:history,groups:write,groups:read,groups:history,pins:read,pins:write,users:read,users:read.email',
          label: 'scopes',
        },
      ],
    },
    {
      text: 'Without a way in: Socket Mode, on, and an app token with the scope connections:write. Else give the app these addresses:',
      lines: addresses.map(({ label, url }) => ({ text: url, label })),
    },
    {
      text: 'The slash command is /mainstay, with “Escape channels, users” on. The bot events:',
      lines: [{ text: 'message.channels message.groups pin_added', label: 'bot events' }],
    },
    { text: 'Above, under Slack: connect. Then open rooms for incidents, and test.' },
  ]
}
