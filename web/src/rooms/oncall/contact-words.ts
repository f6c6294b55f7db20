// What each kind of contact is called and what it asks for.
import type { ContactOrder } from '../../shell/api.ts'

export type AddedKind = Exclude<ContactOrder['kind'], 'webpush'>

export const kindNames: Readonly<Record<ContactOrder['kind'], string>> = {
  webpush: 'Browser',
  telegram: 'Telegram',
  ntfy: 'ntfy',
  sms: 'Text message',
  voice: 'Phone call',
  slack: 'Slack',
  teams: 'Microsoft Teams',
  mattermost: 'Mattermost',
  discord: 'Discord',
  email: 'E-mail',
  webhook: 'Webhook',
}

interface Asked {
  readonly label: string
  readonly hint: string
  readonly type: 'email' | 'url' | 'tel' | 'text'
}

export const asked: Readonly<Record<AddedKind, Asked>> = {
  email: { label: 'E-mail address', hint: 'A code is sent to it.', type: 'email' },
  sms: { label: 'Phone number', hint: 'With the country code: +491701234567.', type: 'tel' },
  voice: { label: 'Phone number', hint: 'With the country code. Press 4 in the call to acknowledge.', type: 'tel' },
  slack: {
    label: 'Member id, channel id or webhook URL',
    hint: 'Your profile in Slack, ⋮, Copy member ID.',
    type: 'text',
  },
  teams: {
    label: 'Your object id or a workflow URL',
    hint: 'Object id: in Microsoft Entra, or as the bot in Teams tells it. Workflow: channel, ⋯, Workflows.',
    type: 'text',
  },
  mattermost: { label: 'Channel id or webhook URL', hint: 'Channel menu, View info, ID at the bottom.', type: 'text' },
  discord: { label: 'Webhook URL', hint: 'Edit channel, Integrations, Webhooks.', type: 'url' },
  telegram: { label: 'Chat id', hint: 'Write /start to the bot; it answers with the id.', type: 'text' },
  ntfy: { label: 'Topic', hint: 'https://ntfy.sh/a-name-nobody-guesses, or your own server.', type: 'url' },
  webhook: { label: 'Webhook URL', hint: 'Gets a signed CloudEvent for each message.', type: 'url' },
}

export const addedKinds: readonly AddedKind[] = [
  'email',
  'sms',
  'voice',
  'slack',
  'teams',
  'mattermost',
  'discord',
  'telegram',
  'ntfy',
  'webhook',
]

/** The order for what was typed; the token is for a protected ntfy topic. */
export function orderOf(kind: AddedKind, text: string, token: string): ContactOrder {
  const value = text.trim()
  switch (kind) {
    case 'email':
      return { kind, email: value }
    case 'sms':
    case 'voice':
      return { kind, phone: value }
    case 'telegram':
      return { kind, recipient: value }
    case 'slack':
    case 'teams':
    case 'mattermost':
      return /^https?:\/\//i.test(value) ? { kind, url: value } : { kind, recipient: value }
    case 'ntfy':
      return token.trim() === '' ? { kind, url: value } : { kind, url: value, token: token.trim() }
    default:
      return { kind, url: value }
  }
}
