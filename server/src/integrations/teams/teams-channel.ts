// Pages in Microsoft Teams: an Adaptive Card to a Workflows webhook. One way: the button is our signed link. Teams
// keeps no key and lets nobody change a card posted this way, so a copy sent in doubt is a second card.
import type { JsonObject } from '../../kernel/json.ts'
import { exchangeWith, retryAfterOf, wordsOf } from '../../modules/notifications/channel-http.ports.ts'
import { factLines, judgeProvider } from '../../modules/notifications/core/index.ts'
import type { Channel, ChannelOutcome, Outgoing } from '../../modules/notifications/notifications.ports.ts'
import type { Egress, Reply } from '../../platform/egress/index.ts'

/** Workflows refuse more than 28 KB. */
const mostFacts = 20
const factLimit = 900

export function createTeamsChannel(egress: Pick<Egress, 'request'>): Channel {
  return {
    send: async (outgoing) => {
      const { url } = JSON.parse(outgoing.address) as { url: string }
      const sent = await exchangeWith(egress, {
        connector: 'teams',
        method: 'POST',
        url,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify(teamsBody(outgoing)),
        beforeWrite: outgoing.beforeWrite,
        signal: outgoing.signal,
      })
      return 'failed' in sent ? sent.failed : judge(sent.reply, outgoing.at)
    },
  }
}

export function teamsBody({ message, ackUrl, openUrl, urgency }: Outgoing): JsonObject {
  const lines = factLines(message).slice(0, mostFacts)
  const facts = lines.flatMap(({ label, text }) =>
    label === null ? [] : [{ title: label, value: plain(text.slice(0, factLimit)) }],
  )
  const sentences = lines.flatMap(({ label, text }) => (label === null ? [text.slice(0, factLimit)] : []))
  const textBlock = (text: string, rest: JsonObject): JsonObject => ({
    type: 'TextBlock',
    text: plain(text),
    wrap: true,
    ...rest,
  })
  const open = (title: string, url: string, rest: JsonObject = {}): JsonObject => ({
    type: 'Action.OpenUrl',
    title,
    url,
    ...rest,
  })
  const card = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    // What the notification on the phone says.
    fallbackText: message.short,
    body: [
      textBlock(message.subject, {
        size: 'Large',
        weight: 'Bolder',
        ...(urgency === 'high' ? { color: 'Attention' } : {}),
      }),
      ...sentences.map((text) => textBlock(text, {})),
      ...(facts.length === 0 ? [] : [{ type: 'FactSet', facts }]),
    ],
    actions: [...(ackUrl === null ? [] : [open('Acknowledge', ackUrl, { style: 'positive' })]), open('Open', openUrl)],
    msteams: { width: 'Full' },
  }
  return {
    type: 'message',
    summary: message.short,
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: card }],
  }
}

/** Cards read a subset of Markdown: text from outside must not turn into links. */
function plain(text: string): string {
  return text.replace(/([\\*_[\]])/g, '\\$1')
}

function judge(reply: Reply, now: number): ChannelOutcome {
  const text = reply.body.toString('utf8')
  const retryAfterMs = retryAfterOf(reply, now)
  // The connector service answers 200 and tells of throttling in the body.
  const inner = /endpoint returned HTTP error (\d{3})/.exec(text)?.[1]
  const status = reply.status < 300 && inner !== undefined ? Number(inner) : reply.status
  const refusal = judgeProvider('Teams', { status, retryAfterMs, words: wordsOf(text) })
  return refusal ?? { kind: 'accepted', receipt: `Teams answered ${reply.status}` }
}
