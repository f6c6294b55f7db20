// What a Mattermost server sends to an integration: the shapes of its documentation and of its source
// (CommandArgs, PostActionIntegrationRequest, SubmitDialogRequest).
type Body = Readonly<Record<string, unknown>>

export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly payload: string
}

/** 26 letters and digits. */
export function idOf(word: string): string {
  return `${word.replaceAll(/[^a-z0-9]/g, '')}${'0'.repeat(26)}`.slice(0, 26)
}

export const mattermostTokens = { bot: 'botaccesstoken000000000000', command: 'nezum4kpu3faiec7r7c5zt6tfy' } as const
export const mattermostIds = { bot: idOf('bot'), team: idOf('team'), town: idOf('town') } as const

const json = { 'content-type': 'application/json', accept: 'application/json' }

export interface Slash {
  readonly user: string
  readonly channel: string
  readonly text: string
  readonly token: string
  readonly hook: string
  readonly trigger: string
  readonly mentioned: readonly { readonly id: string; readonly username: string }[]
}

export function slashRequest({ user, channel, text, token, hook, trigger, mentioned }: Slash): Sent {
  const form = new URLSearchParams({
    channel_id: channel,
    channel_name: 'a-channel',
    command: '/mainstay',
    // The server calls itself by its own name, which may lead nowhere from here.
    response_url: `http://mattermost.internal:8065/hooks/commands/${hook}`,
    team_domain: 'shop',
    team_id: mattermostIds.team,
    text,
    token,
    trigger_id: trigger,
    user_id: user,
    user_name: 'somebody',
  })
  for (const each of mentioned) {
    form.append('user_mentions', each.username)
    form.append('user_mentions_ids', each.id)
  }
  const headers = {
    accept: 'application/json',
    authorization: `Token ${token}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  return { path: '/api/v1/chat/mattermost/commands', headers, payload: form.toString() }
}

export interface Press {
  readonly user: string
  readonly post: { readonly id: string; readonly channel: string; readonly props: Body }
  readonly action: string
  readonly trigger: string
}

export function pressRequest({ user, post, action, trigger }: Press): Sent {
  const attachments = (post.props.attachments ?? []) as readonly { readonly actions?: readonly Body[] }[]
  const found = attachments.flatMap((each) => each.actions ?? []).find((each) => each.id === action)
  const { url, context } = (found?.integration ?? {}) as { url?: string; context?: Body }
  if (url === undefined) throw new Error('There is no such button.')
  const payload = {
    user_id: user,
    user_name: 'somebody',
    channel_id: post.channel,
    channel_name: 'a-channel',
    team_id: mattermostIds.team,
    team_domain: 'shop',
    post_id: post.id,
    trigger_id: trigger,
    type: 'button',
    data_source: '',
    context,
  }
  return { path: new URL(url).pathname, headers: json, payload: JSON.stringify(payload) }
}

export interface Submit {
  readonly user: string
  readonly opened: { readonly url: string; readonly dialog: Body }
  readonly submission: Body
}

export function submitRequest({ user, opened: { url, dialog }, submission }: Submit): Sent {
  const payload = {
    type: 'dialog_submission',
    callback_id: dialog.callback_id,
    state: dialog.state,
    user_id: user,
    channel_id: mattermostIds.town,
    team_id: mattermostIds.team,
    submission,
    cancelled: false,
  }
  return { path: new URL(url).pathname, headers: json, payload: JSON.stringify(payload) }
}

/** A post's properties as clients are given them: what a button carries stays on the server. */
export function stripped(props: Body): Body {
  const { attachments, ...rest } = props as { readonly attachments?: readonly { readonly actions?: readonly Body[] }[] }
  if (attachments === undefined) return props
  return {
    ...rest,
    attachments: attachments.map((each) =>
      each.actions === undefined
        ? each
        : { ...each, actions: each.actions.map(({ integration: _kept, ...shown }) => shown) },
    ),
  }
}

/** All that a person reads of a post. */
export function textOf({ message, props }: { readonly message: string; readonly props: Body }): string {
  const found = [message]
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, item] of Object.entries(value)) {
      if (['text', 'title', 'value', 'name'].includes(name) && typeof item === 'string') found.push(item)
      else walk(item)
    }
  }
  walk(props.attachments)
  return found
    .join('\n')
    .replaceAll('\u200b', '')
    .replaceAll(/\\([\\*_~`#>|[\]])/g, '$1')
}
