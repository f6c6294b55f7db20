// The text of a delivery, made at the moment it is sent: "since 12 minutes" must be true then.
import { formatInstant, type Instant } from '../../../kernel/instant.ts'
import type { JsonObject } from '../../../kernel/json.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import {
  acknowledgeLink,
  bundleMessage,
  changedMessage,
  endedMessage,
  type Message,
  onCallMessage,
  pageAgainMessage,
  pageMessage,
  reminderMessage,
  testMessage,
  verifyMessage,
} from '../core/index.ts'
import type { DeliveryRow } from '../deliveries.store.ts'
import { contentOf, type MessageContent } from '../message-content.store.ts'
import type { LinkSubject, NotificationPorts } from '../notifications.ports.ts'
import { closeBundle, listBundled, lockPerson, type PageNotice } from '../page-notices.store.ts'

export interface Composed {
  readonly message: Message
  readonly ackUrl: string | null
  readonly openUrl: string
  readonly about: JsonObject
  /** The alerts it tells of. */
  readonly alerts: readonly string[]
}

/** Null when there is nothing left to say: every page of the bundle was stopped. */
export async function composeMessage(
  tx: Tx,
  needs: Pick<Needs, 'publicUrl'>,
  ports: NotificationPorts,
  row: DeliveryRow,
  now: Instant,
  /** `as-sent` tells of a message that is out already: a bundle is not closed by it and holds what it held. */
  occasion: 'to-send' | 'as-sent' = 'to-send',
): Promise<Composed | null> {
  const reader = { zone: row.zone, now }
  const content = contentOf(row)
  const withLink = (message: Message, subject: LinkSubject | null, rest: Pick<Composed, 'openUrl' | 'alerts'>) =>
    linked(ports, row, now, message, subject, rest)
  switch (content.purpose) {
    case 'page':
      return composePage(ports, row, content, now)
    case 'bundle': {
      // Whoever comes from now on opens another bundle: this one is told as it is.
      if (occasion === 'to-send') {
        if (row.person !== null) lockPerson(tx, row.person)
        await closeBundle(tx, row.pageId)
      }
      const all = await listBundled(tx, row.pageId)
      const left = occasion === 'as-sent' ? all : all.filter((each) => each.stopped === null)
      const [first] = left
      if (first === undefined) return null
      const link = { kind: 'bundle', id: row.pageId } as const
      const openUrl = left.length === 1 ? first.facts.link : `${needs.publicUrl}/alerts`
      const message = left.length === 1 ? pageMessage(first.facts, reader) : bundleMessage(left.map(toBundled), openUrl)
      return withLink(message, link, { openUrl, alerts: left.map((each) => each.alertId) })
    }
    case 'changed': {
      const alerts = row.alertId === null ? [] : [row.alertId]
      return withLink(changedMessage(content.change), null, { openUrl: content.change.link, alerts })
    }
    case 'ended': {
      const alerts = row.alertId === null ? [] : [row.alertId]
      return withLink(endedMessage(content.ended, reader), null, { openUrl: content.ended.link, alerts })
    }
    case 'on-call':
      return withLink(onCallMessage(content.shift, reader), null, { openUrl: content.shift.link, alerts: [] })
    case 'reminder':
      return withLink(reminderMessage(content.reminder), null, { openUrl: content.reminder.link, alerts: [] })
    case 'test':
      return withLink(
        testMessage(content.label),
        { kind: 'contact', id: row.contact },
        { openUrl: `${needs.publicUrl}/me`, alerts: [] },
      )
    case 'verify':
      return withLink(
        verifyMessage(content.label, content.code),
        { kind: 'contact', id: row.contact },
        { openUrl: `${needs.publicUrl}/me`, alerts: [] },
      )
  }
}

/** Asks nothing of the database. */
export function composePage(
  ports: Pick<NotificationPorts, 'linkFor'>,
  row: DeliveryRow,
  { facts, again }: Pick<Extract<MessageContent, { purpose: 'page' }>, 'facts' | 'again'>,
  now: Instant,
): Composed {
  const reader = { zone: row.zone, now }
  const message = again === null ? pageMessage(facts, reader) : pageAgainMessage(facts, again, reader)
  const alerts = row.alertId === null ? [] : [row.alertId]
  const link = row.alertId === null ? null : ({ kind: 'alert', id: row.alertId } as const)
  return linked(ports, row, now, message, link, { openUrl: facts.link, alerts })
}

function linked(
  ports: Pick<NotificationPorts, 'linkFor'>,
  row: DeliveryRow,
  now: Instant,
  message: Message,
  subject: LinkSubject | null,
  rest: Pick<Composed, 'openUrl' | 'alerts'>,
): Composed {
  // A link answers as the person it was sent to; a machine answers with a key of its own.
  const ackUrl = subject === null || row.person === null ? null : ports.linkFor(subject, row.person, now)
  const body = ackUrl === null ? message.body : message.body.replaceAll(acknowledgeLink, ackUrl)
  return { message: { ...message, body }, ackUrl, ...rest, about: aboutOf(row, message, rest.openUrl) }
}

function toBundled({ facts }: PageNotice) {
  return { service: facts.service, severity: facts.severity, summary: facts.summary, link: facts.link }
}

function aboutOf(row: DeliveryRow, message: Message, openUrl: string): JsonObject {
  return {
    purpose: row.purpose,
    page: row.pageId,
    alert: row.alertId,
    service: row.service,
    ...(row.webhook === null ? { person: row.person } : { webhook: row.webhook }),
    urgency: row.urgency,
    title: message.subject,
    text: message.short,
    open: openUrl,
    ...detailsOf(contentOf(row)),
  }
}

function detailsOf(content: MessageContent): JsonObject {
  if (content.purpose === 'page') {
    const { severity, summary, startedAt, because, runbook } = content.facts
    return { severity, summary, startedAt: formatInstant(startedAt), because, runbook }
  }
  if (content.purpose === 'changed') {
    const { change, by, sentence, summary } = content.change
    return { change, by, sentence, summary }
  }
  if (content.purpose === 'ended') {
    const { ended, summary, startedAt, endedAt } = content.ended
    return { ended, summary, startedAt: formatInstant(startedAt), endedAt: formatInstant(endedAt) }
  }
  return {}
}
