// What is done at a chat before incidents can be led from there, to be copied line by line.
import type { ReactNode } from 'react'
import { CopyLine } from '../../parts/copy-line.tsx'
import type { ChatState } from '../../shell/chat-api.ts'

interface Step {
  readonly text: ReactNode
  readonly lines?: readonly { readonly text: string; readonly label: string }[]
}

export function ChatSteps({ state }: { state: ChatState }) {
  return (
    <details className="chat-steps">
      <summary>How to set up {state.title}</summary>
      <ol>
        {stepsOf(state).map((step) => (
          <li key={String(step.lines?.[0]?.text ?? step.text)}>
            {step.text}
            {step.lines?.map((line) => (
              <CopyLine key={line.text} text={line.text} label={`Copy: ${line.label}`} />
            ))}
          </li>
        ))}
      </ol>
    </details>
  )
}

const stepsOf = (state: ChatState): readonly Step[] =>
  state.provider === 'mattermost' ? mattermost(state) : slack(state)

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
