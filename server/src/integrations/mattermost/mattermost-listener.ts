// What Mattermost calls us with: a slash command, a press, a form. The proof is looked at first, and nothing is believed
// that was not proved: not who it was, and not when.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatListener, InboundRead, InboundRequest } from '../../modules/chat/chat.ports.ts'
import { listenAlways } from '../../modules/chat/listening.ports.ts'
import type { Egress } from '../../platform/egress/index.ts'
import type { Log } from '../../platform/log/log.ts'
import { readMattermostSettings } from './mattermost-channel.ts'
import { parse, readCommandForm, readForm, readFormState, readPress, words } from './mattermost-inbound.ts'
import { hasToken, openSigned, type ProofKeys, readTrigger, whyUntrue } from './mattermost-proof.ts'
import type { FindSite } from './mattermost-site.ts'
import { openMattermostConnection } from './mattermost-socket.ts'

export interface MattermostListenerOptions {
  readonly egress: Pick<Egress, 'request' | 'checkedSocket'>
  readonly settings: () => Promise<JsonObject | null>
  readonly findSite: FindSite
  readonly keys: ProofKeys
  readonly log: Log
}

/** People leave a form open and come back to it; a day later it is another one's business. */
const formMs = 12 * 60 * 60_000
/** A server that was set up anew signs with another key; so often at most we ask for it. */
const keyAgeMs = 30_000
const forged = (because: string): InboundRead => ({ kind: 'forged', because })

export function createMattermostListener(options: MattermostListenerOptions): ChatListener {
  return {
    doors: [
      { door: 'commands', label: 'Slash command, request URL' },
      { door: 'interactions', label: 'Buttons and forms call this by themselves' },
    ],
    read: async (door, request) => {
      const settings = readMattermostSettings(await options.settings())
      if (settings === null) return forged('Mattermost is not connected.')
      if (door === 'commands') return readCommand(options, settings.commandToken, request)
      return door === 'interactions' ? readInteraction(options, request) : forged('Mattermost sends no events here.')
    },
    connects: true,
    // Every process hears everything; each thing is kept once.
    listen: (order) =>
      listenAlways({
        title: 'Mattermost',
        log: options.log,
        lingerMs: 0,
        open: async () =>
          readMattermostSettings(await options.settings()) === null || !(await order.declared())
            ? null
            : openMattermostConnection(options, order),
      }),
  }
}

async function readCommand(
  options: MattermostListenerOptions,
  token: string | null,
  { headers, body, now }: InboundRequest,
): Promise<InboundRead> {
  if (token === null) return forged('No slash command is set up here.')
  if (!hasToken(headers.authorization, token)) return forged('The token of the slash command is wrong.')
  const form = readCommandForm(body.toString('utf8'))
  const trigger = readTrigger(form.trigger)
  const untrue = await whyNot(options, (key) => whyUntrue(trigger, { user: form.user, now, key }))
  if (untrue !== null || trigger === null) return forged(untrue ?? 'The trigger is missing.')
  return { kind: 'read', inbound: form.inbound(trigger.id) }
}

async function readInteraction(
  options: MattermostListenerOptions,
  { body, now }: InboundRequest,
): Promise<InboundRead> {
  const sent = parse(body.toString('utf8'))
  // What a press or a form must hear, or the person is shown an error.
  const reply = '{}'
  if (sent.type === 'dialog_submission') {
    const state = readFormState(openSigned(options.keys, sent.state))
    if (state === null) return forged('The form was not made here.')
    if (state.user !== sent.user_id) return forged('The form was for somebody else.')
    if (now - state.at > formMs) return forged('The form is too old.')
    return { kind: 'read', inbound: readForm(sent, state), reply }
  }
  const context = sent.context
  const signed = openSigned(
    options.keys,
    typeof context === 'object' && context !== null && 'proof' in context ? context.proof : null,
  )
  if (signed === null) return forged('The button was not made here.')
  const trigger = readTrigger(sent.trigger_id)
  const untrue = await whyNot(options, (key) => whyUntrue(trigger, { user: words(sent.user_id), now, key }))
  if (untrue !== null || trigger === null) return forged(untrue ?? 'The trigger is missing.')
  return { kind: 'read', inbound: readPress(sent, signed, trigger.id), reply }
}

type Key = Parameters<typeof whyUntrue>[1]['key']

/** Asked again with the server's newest key before it is called forged. */
async function whyNot(
  { findSite }: MattermostListenerOptions,
  judge: (key: Key) => string | null,
): Promise<string | null> {
  // What no key can mend is not worth asking the server for.
  const known = await findSite()
  const first = judge(known.kind === 'done' ? known.value.signingKey : null)
  if (first === null || !/sign/.test(first)) return first
  const fresh = await findSite(keyAgeMs)
  return judge(fresh.kind === 'done' ? fresh.value.signingKey : null)
}
