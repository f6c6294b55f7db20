// A room's messages as Slack blocks. Limits from the block reference: head 150 characters, section 3,000, ten fields of
// 2,000, input label 2,000, modal title 24.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatForm, FormField, Posting } from '../../modules/chat/chat.ports.ts'
import { type ChatLine, chatActionLabels } from '../../modules/chat/core/index.ts'
import { escapeSlack } from './slack-message.ts'

const headLimit = 150
const sectionLimit = 2_900
const fieldLimit = 1_900
const inputLimit = 3_000
const lineLimit = 200

export const actionPrefix = 'mainstay-chat-'
export const formNames = { update: 'mainstay-chat-update', declare: 'mainstay-chat-declare' } as const

export function roomBody({ message, key, incidentId }: Posting): JsonObject {
  const { head, facts, lines, foot, link, actions } = message
  const fields = facts
    .slice(0, 10)
    .map(([label, value]) => markdown(`*${escapeSlack(label)}*\n${valueText(value)}`, fieldLimit))
  const buttons = actions.map((action) => ({
    type: 'button',
    text: { type: 'plain_text', text: chatActionLabels[action] },
    action_id: `${actionPrefix}${action}`,
    value: incidentId,
    ...(action === 'acknowledge' ? { style: 'primary' } : {}),
  }))
  const open =
    link === null
      ? []
      : [{ type: 'button', text: { type: 'plain_text', text: link.label }, url: link.url, action_id: 'open' }]
  const blocks: JsonObject[] = [
    ...(head === null
      ? []
      : [{ type: 'header', text: { type: 'plain_text', text: head.slice(0, headLimit).toWellFormed() } }]),
    ...(fields.length === 0 ? [] : [{ type: 'section', fields }]),
    ...sections(lines),
    ...(foot === null ? [] : [{ type: 'context', elements: [markdown(escapeSlack(foot), sectionLimit)] }]),
    ...(buttons.length + open.length === 0 ? [] : [{ type: 'actions', elements: [...buttons, ...open] }]),
  ]
  return {
    text: escapeSlack(head ?? lines.map((line) => line.text).join('\n'))
      .slice(0, sectionLimit)
      .toWellFormed(),
    blocks,
    unfurl_links: false,
    unfurl_media: false,
    metadata: { event_type: 'mainstay_room', event_payload: { key } },
  }
}

const markdown = (text: string, limit: number): JsonObject => ({
  type: 'mrkdwn',
  text: text.slice(0, limit).toWellFormed(),
})

/** As many sections as it takes: a line is never cut off because of those before it. */
function sections(lines: readonly ChatLine[]): readonly JsonObject[] {
  const texts: string[] = []
  for (const line of lines.map(lineText)) {
    const last = texts.at(-1)
    if (last !== undefined && last.length + line.length < sectionLimit) texts[texts.length - 1] = `${last}\n${line}`
    else texts.push(line)
  }
  return texts.map((text) => ({ type: 'section', text: markdown(text, sectionLimit) }))
}

const lineText = ({ at, text }: ChatLine): string => `${timeText(at)} ${escapeSlack(text)}`

/** Slack shows the time where the reader lives; older programs show what stands behind the bar. */
function timeText(at: string): string {
  return `<!date^${Math.floor(Date.parse(at) / 1_000)}^{time}|${at.slice(11, 16)} UTC>`
}

const valueText = (value: string): string =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) ? timeText(value) : escapeSlack(value)

/** What came with a form goes back with it: the incident, or the channel it was asked for in. */
export function formView({ asks, title, submit, fields, place }: ChatForm): JsonObject {
  return {
    type: 'modal',
    callback_id: formNames[asks.kind],
    private_metadata: asks.kind === 'update' ? asks.incidentId : (place ?? ''),
    title: { type: 'plain_text', text: title.slice(0, 24) },
    submit: { type: 'plain_text', text: submit },
    close: { type: 'plain_text', text: 'Cancel' },
    blocks: fields.map((field) => ({
      type: 'input',
      block_id: field.name,
      label: { type: 'plain_text', text: field.label },
      optional: field.optional,
      element: elementOf(field),
    })),
  }
}

function elementOf({ name, type, text, choices }: FormField): JsonObject {
  if (type === 'choice')
    return {
      type: 'static_select',
      action_id: name,
      options: choices.map((choice) => ({ text: { type: 'plain_text', text: choice }, value: choice })),
    }
  const limit = type === 'text' ? inputLimit : lineLimit
  return {
    type: 'plain_text_input',
    action_id: name,
    multiline: type === 'text',
    max_length: limit,
    ...(text === '' ? {} : { initial_value: text.slice(0, limit).toWellFormed() }),
  }
}
