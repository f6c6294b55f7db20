// A page as Slack blocks: a head, the facts, two buttons. Limits from Slack's block reference: head 150 characters,
// section 3,000, button value 2,000.
import type { JsonObject } from '../../kernel/json.ts'
import { factLines, type Message } from '../../modules/notifications/core/index.ts'

const headLimit = 150
const sectionLimit = 2_900

/** Slack reads `&`, `<` and `>` as markup, nothing else (formatting reference, "Escaping text"). */
export function escapeSlack(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

export interface SlackCard {
  readonly message: Message
  readonly openUrl: string
  readonly ackUrl: string | null
  /** The handle the button gives back; null when the button is a link, because nobody listens. */
  readonly handle: string | null
  /** What became of it; the acknowledge button goes. */
  readonly sentence: string | null
}

export function slackBody({ message, openUrl, ackUrl, handle, sentence }: SlackCard): JsonObject {
  const lines = factLines(message).map(({ label, text }) =>
    label === null ? escapeSlack(text) : `*${escapeSlack(label)}:* ${escapeSlack(text)}`,
  )
  const section = (text: string): JsonObject => ({
    type: 'section',
    text: { type: 'mrkdwn', text: text.slice(0, sectionLimit) },
  })
  const button = (text: string, rest: JsonObject): JsonObject => ({
    type: 'button',
    text: { type: 'plain_text', text },
    ...rest,
  })
  const acknowledge =
    ackUrl === null || sentence !== null
      ? []
      : handle === null
        ? [button('Acknowledge', { style: 'primary', url: ackUrl, action_id: 'acknowledge-link' })]
        : [button('Acknowledge', { style: 'primary', value: handle, action_id: 'acknowledge' })]
  const blocks: JsonObject[] = [
    { type: 'header', text: { type: 'plain_text', text: message.subject.slice(0, headLimit) } },
    ...(sentence === null ? [] : [section(`*${escapeSlack(sentence)}*`)]),
    ...(lines.length === 0 ? [] : [section(lines.join('\n'))]),
    { type: 'actions', elements: [...acknowledge, button('Open', { url: openUrl, action_id: 'open' })] },
  ]
  const text = sentence === null ? message.short : `${sentence} ${message.subject}`
  return { text: escapeSlack(text), blocks, unfurl_links: false, unfurl_media: false }
}
