// A room's messages as Adaptive Cards. Teams takes 28 KB of a message; a card shows six buttons. Buttons are Action.Execute,
// whose answer only the one who pressed sees; older clients fall back to Action.Submit.
import type { JsonObject } from '../../kernel/json.ts'
import type { ChatForm, FormField, Posting } from '../../modules/chat/chat.ports.ts'
import { type ChatAction, type ChatLine, chatActionLabels } from '../../modules/chat/core/index.ts'

const linesBytes = 18_000
const longestLine = 6_000
const factBytes = 500
const mostFacts = 10
const headLimit = 300
const textLimit = 3_000
const lineLimit = 200

export const cardType = 'application/vnd.microsoft.card.adaptive'

/** Cards read a subset of Markdown, and `{{…}}` as dates: text from outside must turn into neither. */
export function plain(text: string): string {
  return text.replaceAll(/([\\*_[\]])/g, '\\$1').replaceAll('{{', '{\u200b{')
}

/** Where a message's key stands: in the name of its first element. It is found again by it. */
export const markOf = (key: string): string => `mainstay ${key}`

export function roomActivity({ message, key, incidentId }: Posting, mark: string = markOf(key)): JsonObject {
  const { head, facts, lines, foot, link, actions } = message
  const blocks = [
    ...(head === null ? [] : [block(cut(head, headLimit), { size: 'Large', weight: 'Bolder' })]),
    ...linesOf(lines),
    ...(facts.length === 0
      ? []
      : [
          {
            type: 'FactSet',
            facts: facts.slice(0, mostFacts).map(([label, value]) => ({
              title: plain(label),
              value: plain(cut(timeText(value), factBytes)),
            })),
          },
        ]),
    ...(foot === null ? [] : [block(footText(foot), { isSubtle: true, size: 'Small' })]),
  ]
  const [first = block(' ', {}), ...more] = blocks
  return cardActivity(cut(head ?? lines.map((line) => line.text).join(' · '), headLimit), {
    body: [{ ...first, id: mark }, ...more],
    actions: [
      ...actions.map((action) => button(action, incidentId)),
      ...(link === null ? [] : [{ type: 'Action.OpenUrl', title: link.label, url: link.url }]),
    ],
  })
}

export function cardActivity(summary: string, card: JsonObject): JsonObject {
  return { type: 'message', summary, attachments: [{ contentType: cardType, content: cardOf(card) }] }
}

function cardOf(card: JsonObject): JsonObject {
  const frame = { $schema: 'http://adaptivecards.io/schemas/adaptive-card.json', type: 'AdaptiveCard', version: '1.4' }
  const { msteams, ...rest } = card
  const more = typeof msteams === 'object' && msteams !== null && !Array.isArray(msteams) ? msteams : {}
  return { ...frame, ...rest, msteams: { width: 'Full', ...more } }
}

function block(text: string, more: JsonObject): JsonObject {
  return { type: 'TextBlock', text: plain(text), wrap: true, ...more }
}

function button(action: ChatAction, incidentId: string): JsonObject {
  const title = chatActionLabels[action]
  // A dialog is opened by the client, which asks us what stands in it.
  if (action === 'update') return opener(title, { asks: 'update', incidentId })
  const data = { mainstay: { action, incidentId } }
  return {
    type: 'Action.Execute',
    title,
    verb: `mainstay.${action}`,
    data,
    ...(action === 'acknowledge' ? { style: 'positive' } : {}),
    fallback: { type: 'Action.Submit', title, data },
  }
}

export function opener(title: string, asked: JsonObject): JsonObject {
  return { type: 'Action.Submit', title, data: { mainstay: asked, msteams: { type: 'task/fetch' } } }
}

/** Each line has the same room: none is cut off because of those before it. */
function linesOf(lines: readonly ChatLine[]): readonly JsonObject[] {
  const limit = Math.min(longestLine, Math.floor(linesBytes / Math.max(1, lines.length)))
  return lines.map(({ at, text }) => {
    const said = plain(cut(text.replaceAll(/\s*\n\s*/g, ' ⏎ '), limit))
    return { type: 'TextBlock', text: `**${timeText(at)}** ${said}`, wrap: true, spacing: 'Small' }
  })
}

/** Not longer than so many bytes, as they are sent. */
export function cut(text: string, bytes: number): string {
  if (Buffer.byteLength(text) <= bytes) return text.toWellFormed()
  return `${Buffer.from(text)
    .subarray(0, bytes - 3)
    .toString('utf8')
    .replace(/\ufffd+$/, '')}…`.toWellFormed()
}

/** Cards know bold and italic, no code; and people here write the bot's name, not a slash. */
const footText = (foot: string): string => foot.replaceAll(/`\/mainstay ([^`]*)`/g, '“@Mainstay $1”')

/** The card stands where many read it, each where they live: the zone is said. */
function timeText(value: string): string {
  const found = /^\d{4}-\d\d-\d\dT(\d\d:\d\d):\d\d(\.\d+)?Z$/.exec(value)
  return found === null ? value : `${found[1]} UTC`
}

/** What is said to one person: no markup, so that nothing in it becomes any. */
export function answerActivity(text: string): JsonObject {
  const said = cut(text.replaceAll(/`([^`\n]*)`/g, '“$1”'), 12_000)
  return { type: 'message', textFormat: 'plain', text: said }
}

export interface Asked {
  readonly user: string
  readonly name: string
}

/** They are told, once, where it is: a thread has no members of its own. */
export function mentionActivity(people: readonly Asked[], sentence: string): JsonObject {
  const named = people.map(({ user, name }) => {
    const shown = name.replaceAll(/[<>&[\]*_\\`\s]+/g, ' ').trim() || 'somebody'
    return { user, name: shown, text: `<at>${shown}</at>` }
  })
  return cardActivity(sentence, {
    // The mention is written as Teams finds it again.
    body: [{ type: 'TextBlock', wrap: true, text: `${named.map((each) => each.text).join(' ')} ${sentence}` }],
    msteams: {
      entities: named.map(({ user, text, name }) => ({ type: 'mention', text, mentioned: { id: user, name } })),
    },
  })
}

export function dialogOf(form: ChatForm, nonce: string): JsonObject {
  const { asks, title, submit, fields } = form
  const mainstay = { asks: asks.kind, nonce, ...(asks.kind === 'update' ? { incidentId: asks.incidentId } : {}) }
  const card = {
    body: fields.map(inputOf),
    actions: [{ type: 'Action.Submit', title: submit, style: 'positive', data: { mainstay } }],
  }
  return { title, width: 'medium', height: 'medium', card: { contentType: cardType, content: cardOf(card) } }
}

function inputOf({ name, label, text, type, choices, optional }: FormField): JsonObject {
  const required = optional ? {} : { isRequired: true, errorMessage: `${label}: this cannot be empty.` }
  const common = { id: name, label, ...required }
  if (type === 'choice')
    return {
      ...common,
      type: 'Input.ChoiceSet',
      style: 'compact',
      choices: choices.map((choice) => ({ title: choice, value: choice })),
    }
  const limit = type === 'text' ? textLimit : lineLimit
  const value = text.slice(0, limit).toWellFormed()
  return {
    ...common,
    type: 'Input.Text',
    isMultiline: type === 'text',
    maxLength: limit,
    ...(value === '' ? {} : { value }),
  }
}
