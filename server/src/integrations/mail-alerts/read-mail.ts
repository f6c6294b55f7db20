// A mail as an alarm: a mapping says what its parts mean, and what it leaves open is read from subject and thread.
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { type Mapping, type Payload, type Reading, unread } from '../../modules/intake/core/index.ts'
import { readSubject } from './subject.ts'

type Draft = Reading['signals'][number]

export interface ExplainedMail {
  readonly reading: Reading
  readonly notes: readonly string[]
}

/** What a mapping makes of a body: the one of JSON sources. */
export type ExplainMapped = (payload: Payload, mapping: Mapping) => ExplainedMail

export function explainMail(payload: Payload, mapping: Mapping | null, explainMapped: ExplainMapped): ExplainedMail {
  const mail = mailOf(payload.body)
  if (mail === null) return { reading: unread('It is no mail.'), notes: [] }
  if (mail.subject.trim() === '' && mail.text.trim() === '')
    return { reading: unread('The mail has neither a subject nor a text.'), notes: [] }
  const usual = draftsOf(mail)
  if (mapping === null) return { reading: { signals: usual, unread: [] }, notes: [] }
  const { reading, notes } = explainMapped(payload, mapping)
  const signals = reading.signals.flatMap((draft) => usual.map((each) => completed(draft, each, mapping)))
  // Without a status of its own a mapping answers one draft, which may be said of two keys.
  const distinct = new Map(signals.map((each) => [`${each.dedupKey ?? ''} ${each.status}`, each]))
  return { reading: { ...reading, signals: [...distinct.values()] }, notes }
}

interface Mail {
  readonly subject: string
  readonly from: string
  readonly text: string
  /** Of the first mail of its thread; itself when it begins one. */
  readonly thread: string | null
  readonly isReply: boolean
}

function mailOf(body: unknown): Mail | null {
  if (!isJsonObject(body) || typeof body.subject !== 'string') return null
  const references = Array.isArray(body.references) ? body.references.filter((each) => typeof each === 'string') : []
  const before = references[0] ?? textIn(body, 'inReplyTo')
  return {
    subject: body.subject,
    from: textIn(body, 'from') ?? '',
    text: textIn(body, 'text') ?? '',
    thread: before ?? textIn(body, 'messageId'),
    isReply: before !== null,
  }
}

function textIn(body: JsonObject, name: string): string | null {
  const value = body[name]
  return typeof value === 'string' && value !== '' ? value : null
}

/**
 * One draft, or for an end two: a program that repeats its subject began under the topic, one that answers its own mail
 * under the thread. An end under a key that nothing is open under changes nothing.
 */
function draftsOf(mail: Mail): readonly Draft[] {
  const { state, severity, title, topic } = readSubject(mail.subject)
  // Two hosts that say the same speak of two problems.
  const byTopic = topic === '' ? null : `topic:${mail.from} ${topic}`.slice(0, 500)
  const byThread = mail.thread === null ? null : `thread:${mail.thread}`.slice(0, 400)
  const draft = (dedupKey: string | null): Draft => ({
    status: state ?? 'firing',
    dedupKey,
    summary: title === '' ? firstLine(mail.text) : title,
    severity,
    service: null,
    labels: mail.from === '' ? {} : { from: mail.from },
    annotations: mail.text.trim() === '' ? {} : { description: mail.text.trim().slice(0, 2_000) },
    startsAt: null,
    endsAt: null,
    links: linksIn(mail.text),
  })
  if (state === 'resolved') {
    const keys = [byTopic, byThread].filter((key) => key !== null)
    return keys.length === 0 ? [draft(null)] : keys.map(draft)
  }
  // A subject with a state comes again with the other one; without, only the thread says what belongs together.
  return [draft(state === null || byTopic === null ? (byThread ?? byTopic) : byTopic)]
}

const firstLine = (text: string): string => text.trim().split('\n', 1)[0]?.slice(0, 200) ?? ''

function linksIn(text: string): readonly { readonly href: string; readonly text: string }[] {
  const [first] = text.match(/https?:\/\/[^\s<>"')\]]{1,1000}/) ?? []
  return first === undefined || !URL.canParse(first) ? [] : [{ href: first, text: 'From the mail' }]
}

function completed(draft: Draft, usual: Draft, mapping: Mapping): Draft {
  return {
    ...draft,
    status: mapping.status === undefined ? usual.status : draft.status,
    dedupKey: mapping.key === undefined ? (usual.dedupKey ?? null) : (draft.dedupKey ?? null),
    summary: draft.summary ?? usual.summary ?? null,
    severity: mapping.severity === undefined ? (usual.severity ?? null) : (draft.severity ?? null),
    labels: { ...usual.labels, ...draft.labels },
    annotations: { ...usual.annotations, ...draft.annotations },
    links: draft.links === undefined || draft.links.length === 0 ? (usual.links ?? []) : draft.links,
  }
}
