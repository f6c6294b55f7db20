// A room's messages as Mattermost posts. The first 16,383 characters are the post's own; older servers take 4,000, so
// what is longer follows in attachments, which count as properties (800,000). Dialogs: title and label 24, text 3,000.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatForm, FormField, Posting } from '../../modules/chat/chat.ports.ts'
import { type ChatAction, type ChatLine, chatActionLabels } from '../../modules/chat/core/index.ts'
import { plain } from './mattermost-channel.ts'

const chunkLimit = 3_900
const fieldLimit = 1_000
const labelLimit = 24
const textLimit = 3_000
const lineLimit = 150

/** Where a message's key stands: it is found again by it. */
export const keyProp = 'mainstay_key'

export interface Pressed {
  readonly action: ChatAction
  readonly incidentId: string
}

export interface Drawing {
  readonly publicUrl: string
  /** Signs what a button brings back. */
  readonly sign: (pressed: Pressed) => string
}

export const hookOf = (publicUrl: string): string => `${publicUrl}/api/v1/chat/mattermost/interactions`

export function roomPost({ message, key, incidentId }: Posting, { publicUrl, sign }: Drawing): JsonObject {
  const { head, facts, lines, foot, link, actions } = message
  const [first = '', ...more] = chunks(lines)
  const links = link === null ? [] : [`[${plain(link.label)}](${link.url})`]
  const footer = [...(foot === null ? [] : [foot]), ...links].join(' · ')
  const card: JsonObject = {
    fallback: (head ?? 'Timeline').slice(0, fieldLimit).toWellFormed(),
    ...(head === null
      ? {}
      : { title: head.slice(0, fieldLimit).toWellFormed(), ...(link === null ? {} : { title_link: link.url }) }),
    ...(footer === '' ? {} : { text: footer }),
    ...(facts.length === 0
      ? {}
      : {
          fields: facts.map(([label, value]) => ({
            title: label,
            value: plain(timeText(value).slice(0, fieldLimit)).toWellFormed(),
            short: true,
          })),
        }),
    ...(actions.length === 0
      ? {}
      : {
          actions: actions.map((action) => ({
            // Letters and digits only, or the button does nothing.
            id: action,
            type: 'button',
            name: chatActionLabels[action],
            ...(action === 'acknowledge' ? { style: 'primary' } : {}),
            // The context stays on the Mattermost server: members of the channel never see it.
            integration: { url: hookOf(publicUrl), context: { proof: sign({ action, incidentId }) } },
          })),
        }),
  }
  const hasCard = head !== null || footer !== '' || facts.length > 0 || actions.length > 0
  const attachments = [...more.map((text) => ({ fallback: 'Timeline', text })), ...(hasCard ? [card] : [])]
  return { message: first, props: { [keyProp]: key, attachments } }
}

/** As many pieces as it takes: a line is never cut off because of those before it. */
function chunks(lines: readonly ChatLine[]): readonly string[] {
  const texts: string[] = []
  for (const line of lines.map(lineText)) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + line.length < chunkLimit) texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  return texts
}

/** Line breaks of what people wrote would begin lines of their own. */
const lineText = ({ at, text }: ChatLine): string =>
  `**${timeText(at)}** ${plain(text.replaceAll(/\s*\n\s*/g, ' ⏎ '))}`.slice(0, chunkLimit).toWellFormed()

/** Mattermost shows no time where the reader lives, so the zone is said. */
function timeText(value: string): string {
  const found = /^\d{4}-\d\d-\d\dT(\d\d:\d\d):\d\d(\.\d+)?Z$/.exec(value)
  return found === null ? value : `${found[1]} UTC`
}

export function dialogOf(form: ChatForm, state: string): JsonObject {
  return {
    callback_id: `mainstay-${form.asks.kind}`,
    title: form.title.slice(0, labelLimit),
    submit_label: form.submit.slice(0, labelLimit),
    notify_on_cancel: false,
    state,
    elements: form.fields.map(elementOf),
  }
}

function elementOf({ name, label, text, type, choices, optional }: FormField): JsonObject {
  const common = { name, display_name: label.slice(0, labelLimit), optional }
  if (type === 'choice')
    return { ...common, type: 'select', options: choices.map((choice) => ({ text: choice, value: choice })) }
  const limit = type === 'text' ? textLimit : lineLimit
  return {
    ...common,
    type: type === 'text' ? 'textarea' : 'text',
    max_length: limit,
    default: text.slice(0, limit).toWellFormed(),
  }
}
