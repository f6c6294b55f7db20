// What the holder of a signed link sees and does. Looking never acknowledges: mail scanners open every link.
import { AppError } from '../../../kernel/app-error.ts'
import type { Instant } from '../../../kernel/instant.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { clockTime, inWords } from '../../notifications/core/index.ts'
import type { LinkSubject } from '../../notifications/index.ts'
import type { AnswerPage } from '../answer-page.ts'
import { readLink } from '../message-links.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type EscalationRow, findOfAlert, lockOpenOfAlert } from '../oncall.store.ts'
import { applyInput } from './answer-escalation.ts'

export interface Shown {
  readonly status: number
  readonly page: AnswerPage
}

export type Valid = {
  readonly subject: LinkSubject
  readonly person: string
  readonly now: Instant
  readonly zone: string
}

export async function lookAtLink(needs: Needs, ports: OncallPorts, token: string): Promise<Shown> {
  const link = await open(needs, ports, token)
  if ('status' in link) return link
  const { subject } = link
  if (subject.kind === 'contact') {
    const sentence = 'Press the button to confirm that messages reach you here.'
    return { status: 200, page: { title: 'Confirm this contact', facts: [], sentence, button: 'Confirm', link: null } }
  }
  const rows = await escalationsOf(needs, ports, link)
  const [first] = rows
  if (first === undefined) return gone()
  const open_ = rows.filter((row) => row.state.phase.kind !== 'resolved')
  const answered = open_.length > 0 && open_.every((row) => row.state.phase.kind === 'acknowledged')
  if (open_.length === 0 || answered)
    return { status: 200, page: asking(ports, link, overPage(first, rows.length, link)) }
  const title = rows.length === 1 ? titleOf(first) : `${open_.length} open alerts`
  const facts = rows.length === 1 ? factsOf(first, link) : rows.slice(0, 20).map(listed)
  const sentence = rows.length === 1 ? standing(first, link) : 'The button acknowledges all that are open.'
  const button = rows.length === 1 ? 'Acknowledge' : 'Acknowledge all'
  return { status: 200, page: { title, facts, sentence, button, link: linkTo(first) } }
}

export async function answerLink(needs: Needs, ports: OncallPorts, token: string): Promise<Shown> {
  const link = await open(needs, ports, token)
  if ('status' in link) return link
  const { subject, person } = link
  if (subject.kind === 'contact') {
    const label = await ports.notifier.confirmContact(subject.id, person)
    if (label === null) return gone()
    const sentence = `Pages will reach you on ${label}.`
    return { status: 200, page: { title: 'Confirmed', facts: [], sentence, button: null, link: null } }
  }
  const rows = await escalationsOf(needs, ports, link)
  const [first] = rows
  if (first === undefined) return gone()
  let taken = 0
  let by: string | null = null
  for (const row of rows) {
    const answer = await ports.acknowledge({ alertId: row.alertId, person }).catch((error: unknown) => {
      // It ended or was taken between the two looks: the page says so.
      if (error instanceof AppError && error.kind === 'conflict') return { state: 'already', by: null } as const
      throw error
    })
    if (answer.state === 'acknowledged' || (await takeOver(needs, ports, row.alertId, person))) taken += 1
    else by = answer.by ?? by
  }
  if (taken === 0 && by === null) return { status: 200, page: asking(ports, link, overPage(first, rows.length, link)) }
  const title = rows.length === 1 ? titleOf(first) : `${rows.length} alerts`
  const sentence =
    taken === 0
      ? `${by ?? 'Somebody'} has acknowledged it already.`
      : rows.length === 1
        ? `Acknowledged${company(first)}. It is yours, ${person}; nobody else is paged.`
        : `Acknowledged ${taken} of ${rows.length}. They are yours, ${person}.`
  const page = { title, facts: factsOf(first, link), sentence, button: null, link: linkTo(first) }
  return { status: 200, page: asking(ports, link, page) }
}

/** One alert, one word: of a bundle nobody could say which was meant. */
function asking(ports: OncallPorts, { subject }: Valid, page: AnswerPage): AnswerPage {
  return subject.kind === 'alert' && ports.rate !== undefined ? { ...page, asksWorth: true } : page
}

/** Whether it was worth it, said by whoever holds the link. It acknowledges nothing. */
export async function rateByLink(needs: Needs, ports: OncallPorts, token: string, useful: boolean): Promise<Shown> {
  const link = await open(needs, ports, token)
  if ('status' in link) return link
  const { subject, person } = link
  const [first] = subject.kind === 'alert' ? await escalationsOf(needs, ports, link) : []
  if (first === undefined || ports.rate === undefined) return gone()
  await ports.rate({ alertId: first.alertId, person, useful })
  const sentence = useful
    ? 'Noted: it was worth it.'
    : 'Noted: it was noise. Under Alerts, Noise shows what to make quieter first.'
  return { status: 200, page: { title: titleOf(first), facts: [], sentence, button: null, link: linkTo(first) } }
}

/**
 * An acknowledgement that timed out pages again, and the room of alerts may still show the first one's. Whoever presses
 * now is the one who answers: paging stops, whatever else is believed.
 */
async function takeOver(needs: Needs, ports: OncallPorts, alertId: string, person: string): Promise<boolean> {
  return needs.database.transaction(async (tx) => {
    const row = await lockOpenOfAlert(tx, alertId)
    if (row === null || row.state.phase.kind === 'acknowledged' || row.state.phase.kind === 'snoozed') return false
    const actor = { kind: 'link', id: person, name: person } as const
    await applyInput(tx, needs, ports, { alertId, actor, input: { kind: 'acknowledge', by: person } })
    return true
  })
}

async function open(needs: Needs, ports: OncallPorts, token: string): Promise<Valid | Shown> {
  const now = await needs.database.now()
  const read = readLink(ports.links, token, now)
  if (!read.valid) return read.because === 'expired' ? expired() : gone()
  const reach = await ports.notifier.reachOf(needs.database, [read.person])
  return { ...read, now, zone: reach.get(read.person)?.zone ?? 'UTC' }
}

async function escalationsOf(needs: Needs, ports: OncallPorts, link: Valid): Promise<readonly EscalationRow[]> {
  const { subject, person } = link
  const alerts =
    subject.kind === 'alert' ? [subject.id] : await ports.notifier.alertsOfBundle(needs.database, subject.id, person)
  const found: EscalationRow[] = []
  for (const alert of alerts.slice(0, 500)) {
    const row = await findOfAlert(needs.database, alert)
    if (row !== null) found.push(row)
  }
  return found
}

export const titleOf = ({ facts }: EscalationRow): string => `${facts.service}: ${facts.summary}`
export const linkTo = ({ facts }: EscalationRow) => ({ href: facts.link, text: 'Open in Mainstay' })
const listed = (row: EscalationRow) => [row.facts.severity, titleOf(row)] as const

export function factsOf({ facts }: EscalationRow, { now, zone }: Valid): AnswerPage['facts'] {
  const { more = null } = facts
  const since = `${clockTime(facts.startedAt, now, zone)} (${inWords(now - facts.startedAt)}), ${zone}`
  return [
    ['Severity', facts.severity],
    ['Who is hurt', facts.impact ?? 'not known yet'],
    ['Since', since],
    ['Do first', facts.action ?? 'open the alert and look at what changed'],
    ...(more === null ? [] : [['Also', `${more.named.join('; ')} (${more.count} more in all)`] as const]),
  ]
}

const company = ({ facts: { more = null } }: EscalationRow): string =>
  more === null ? '' : `, with the ${more.count} more it was about`

export function standing({ state: { phase } }: EscalationRow, { now, zone }: Valid): string {
  if (phase.kind !== 'snoozed') return 'Nobody has acknowledged it.'
  return `${phase.by} put it off until ${clockTime(phase.until, now, zone)}.`
}

export function overPage(row: EscalationRow, count: number, link: Valid): AnswerPage {
  const { phase } = row.state
  const sentence =
    phase.kind === 'acknowledged'
      ? `${phase.by} acknowledged it at ${clockTime(phase.at, link.now, link.zone)}.`
      : 'It is over. There is nothing to acknowledge.'
  const title = count === 1 ? titleOf(row) : `${count} alerts`
  return { title, facts: count === 1 ? factsOf(row, link) : [], sentence, button: null, link: linkTo(row) }
}

export function gone(): Shown {
  const sentence = 'Open Mainstay to see what is going on.'
  return { status: 404, page: { title: 'This link leads nowhere', facts: [], sentence, button: null, link: null } }
}

export function expired(): Shown {
  const sentence = 'Links in messages work for seven days. Open Mainstay to see what is going on.'
  return { status: 410, page: { title: 'This link is too old', facts: [], sentence, button: null, link: null } }
}
