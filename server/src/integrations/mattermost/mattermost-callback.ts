// The button of a Mattermost post. The request is not signed; it carries back the sealed name of the message that only
// the server was given, so only a server that was sent the message can press it.
import type { Callback } from '../../modules/notifications/notifications.ports.ts'

interface Action {
  readonly user_id?: unknown
  readonly context?: { readonly token?: unknown } | null
}

/** `open` turns the sealed name back into the handle; null when it is not ours. */
export function createMattermostCallback(open: (token: string) => string | null): Callback {
  return {
    connection: 'mattermost',
    read: ({ body }) => {
      const action = actionOf(body)
      const token = action?.context?.token
      const handle = typeof token === 'string' ? open(token) : null
      if (handle === null) return { kind: 'forged', because: 'The button was not made here.' }
      return { kind: 'answer', handle, sender: typeof action?.user_id === 'string' ? action.user_id : null }
    },
    reply: (_request, answer) => ({
      status: 200,
      type: 'application/json; charset=utf-8',
      body: JSON.stringify(
        answer === null
          ? {}
          : answer.done
            ? { update: { message: answer.sentence, props: {} } }
            : { ephemeral_text: answer.sentence },
      ),
    }),
  }
}

function actionOf(body: Buffer): Action | null {
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Action) : null
  } catch {
    return null
  }
}
