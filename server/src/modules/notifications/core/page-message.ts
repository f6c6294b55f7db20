// The texts a paged person reads at three in the morning: what, who is hurt, since when, what to do. Calm and plain.
import type { Instant } from '../../../kernel/instant.ts'
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'
import { clockTime, inWords } from './clock-words.ts'
import { acknowledgeLink, compose, type Message, oneLine, shorten, subjectLimit } from './message.ts'

export interface PageFacts {
  readonly service: string
  readonly severity: AlertSeverity
  readonly summary: string
  readonly startedAt: Instant
  /** Who is hurt and how much; null when nobody knows yet, and the message says so. */
  readonly impact: string | null
  /** The first thing to do; null when the alert names none. */
  readonly action: string | null
  readonly runbook: string | null
  /** What changed lately on the service or beneath it. */
  readonly change: { readonly summary: string; readonly at: Instant } | null
  /** Why this person: `on call in schedule web; level 1, round 1`. */
  readonly because: string
  readonly link: string
  /** What else this page is about; whoever acknowledges takes all of it. */
  readonly more?: { readonly count: number; readonly named: readonly string[] } | null
}

export interface Reader {
  readonly zone: string
  readonly now: Instant
}

export function pageMessage(facts: PageFacts, reader: Reader): Message {
  return composePage(facts, reader, '')
}

/** `lead` begins the subject and the short text. */
function composePage(facts: PageFacts, reader: Reader, lead: string): Message {
  const since = `${clockTime(facts.startedAt, reader.now, reader.zone)} (${inWords(reader.now - facts.startedAt)})`
  const impact = facts.impact === null ? 'not known yet' : oneLine(facts.impact)
  const { more = null } = facts
  const company = more === null ? '' : ` and ${more.count} more`
  const what = oneLine(`${lead}${label(facts.severity)}: ${facts.service} – ${facts.summary}`)
  // How many it is about is never what is cut off.
  const subject = `${shorten(what, subjectLimit - company.length)}${company}`
  const short = `${lead}${facts.service}: ${facts.summary}${company}. Since ${since}. ${facts.impact === null ? '' : impact}`
  return compose(subject, short, [
    `What: ${oneLine(facts.summary)}`,
    `Service: ${facts.service} (${facts.severity})`,
    `Who is hurt: ${impact}`,
    `Since: ${since}, ${reader.zone}`,
    facts.change === null
      ? null
      : `Changed before: ${oneLine(facts.change.summary)}, ${clockTime(facts.change.at, reader.now, reader.zone)}`,
    `Do first: ${facts.action === null ? 'open the alert and look at what changed' : oneLine(facts.action)}`,
    facts.runbook === null ? null : `Runbook: ${oneLine(facts.runbook)}`,
    more === null ? null : `Also: ${alsoOf(more)}`,
    `Why you: ${oneLine(facts.because)}`,
    '',
    `Acknowledge: ${acknowledgeLink}`,
    `Open: ${facts.link}`,
  ])
}

function alsoOf({ count, named }: NonNullable<PageFacts['more']>): string {
  const rest = count - named.length
  return `${named.map(oneLine).join('; ')}${rest > 0 ? ` and ${rest} more` : ''}. Acknowledging takes all of them.`
}

/** The same page once more: after an acknowledgement that timed out, a snooze, or in a later round. */
export function pageAgainMessage(facts: PageFacts, why: string, reader: Reader): Message {
  const message = composePage(facts, reader, 'Again: ')
  return { ...message, body: `Again: ${oneLine(why)}\n${message.body}` }
}

export interface BundledPage {
  readonly service: string
  readonly severity: AlertSeverity
  readonly summary: string
  readonly link: string
}

const mostListed = 20

/** More than three messages within a minute come as this one. */
export function bundleMessage(pages: readonly BundledPage[], link: string): Message {
  const sorted = [...pages].sort((a, b) => alertSeverities.indexOf(a.severity) - alertSeverities.indexOf(b.severity))
  const services = [...new Set(sorted.map((each) => each.service))]
  const worst = sorted[0]?.severity ?? 'info'
  const shown = sorted.slice(0, mostListed)
  const rest = sorted.length - shown.length
  const named = `${services.slice(0, 3).join(', ')}${services.length > 3 ? ` and ${services.length - 3} more` : ''}`
  return compose(
    `${label(worst)}: ${pages.length} alerts on ${named}`,
    `${pages.length} alerts on ${named}. The worst: ${sorted[0]?.summary ?? ''}`,
    [
      `${pages.length} alerts came within a minute, so they come as one message. The worst first:`,
      ...shown.map((each) => `- ${each.service} (${each.severity}): ${oneLine(each.summary)} ${each.link}`),
      rest > 0 ? `- and ${rest} more` : null,
      '',
      `Acknowledge all: ${acknowledgeLink}`,
      `Open: ${link}`,
    ],
  )
}

export interface EndedPage {
  readonly service: string
  readonly summary: string
  readonly startedAt: Instant
  readonly endedAt: Instant
  /** How it ended differs in what it tells: a sender that fell silent is no recovery. */
  readonly ended: 'resolved' | 'expired' | 'silent' | 'closed'
  readonly link: string
}

interface Ending {
  readonly head: string
  readonly sentence: string
  readonly todo: string
}

const calm = 'Nothing needs to be done now.'
const endings: Readonly<Record<EndedPage['ended'], Ending>> = {
  resolved: { head: 'Resolved', sentence: 'The sender reports that it is over.', todo: calm },
  expired: {
    head: 'No longer reported',
    sentence: 'The sender stopped repeating it. Nobody reported that it is over.',
    todo: 'Check that the service is well before you go back to sleep.',
  },
  silent: {
    head: 'Sender silent',
    sentence: 'Nothing was heard from the sender for too long. The problem may still be there.',
    todo: 'Check the sender first, then the service.',
  },
  closed: { head: 'Closed', sentence: 'A person closed it.', todo: calm },
}

/** One sentence for the message that told of it. */
export function endedSentence(page: EndedPage): string {
  const { head, sentence } = endings[page.ended]
  return `${head} after ${inWords(page.endedAt - page.startedAt)}. ${sentence}`
}

export function endedMessage(page: EndedPage, reader: Reader): Message {
  const { head, sentence, todo } = endings[page.ended]
  const lasted = inWords(page.endedAt - page.startedAt)
  const when = clockTime(page.endedAt, reader.now, reader.zone)
  return compose(
    `${head}: ${page.service} – ${page.summary}`,
    `${head} after ${lasted}: ${page.service}: ${page.summary}`,
    [
      `What: ${oneLine(page.summary)}`,
      `Service: ${page.service}`,
      `${head}: ${when}, ${reader.zone}, after ${lasted}. ${sentence}`,
      todo,
      `Open: ${page.link}`,
    ],
  )
}

/** What became of a page that is not over: somebody has it, it waits, it goes on. */
export function changedMessage(change: { service: string; summary: string; sentence: string; link: string }): Message {
  const sentence = oneLine(change.sentence)
  return compose(`${change.service} – ${change.summary}`, `${change.service}: ${change.summary}. ${sentence}`, [
    `What: ${oneLine(change.summary)}`,
    `Service: ${change.service}`,
    sentence,
    `Open: ${change.link}`,
  ])
}

/** At the beginning of a shift, and when an override puts somebody on call. */
export function onCallMessage(
  shift: { schedule: string; until: Instant | null; because: string; open: number; link: string },
  reader: Reader,
): Message {
  const until =
    shift.until === null ? 'until further notice' : `until ${clockTime(shift.until, reader.now, reader.zone)}`
  const open =
    shift.open === 0 ? 'No alert is open.' : `${shift.open} ${shift.open === 1 ? 'alert is' : 'alerts are'} open.`
  const head = `You are on call for ${shift.schedule} ${until}`
  return compose(head, `${head}. ${open}`, [
    `${head} (${reader.zone}).`,
    `Why: ${oneLine(shift.because)}`,
    open,
    `Open: ${shift.link}`,
  ])
}

/** No page: somebody owes something, and there is still time to do it in peace. */
export function reminderMessage(reminder: { head: string; sentence: string; link: string }): Message {
  const head = oneLine(reminder.head)
  const sentence = oneLine(reminder.sentence)
  return compose(head, `${head}. ${sentence}`, [sentence, `Open: ${reminder.link}`])
}

/** Proves a channel end to end without frightening anybody. */
export function testMessage(contact: string): Message {
  const head = 'Test page: no action needed'
  return compose(head, `${head}. If you read this on ${contact}, pages will reach you there.`, [
    `This is a test of ${oneLine(contact)}. If you can read it, pages will reach you there.`,
    `Acknowledge: ${acknowledgeLink}`,
  ])
}

/** Proves that a contact is read by the person who added it. */
export function verifyMessage(contact: string, code: string): Message {
  const head = `${code} is your Mainstay code`
  return compose(head, `${head} for ${contact}. It holds for 30 minutes.`, [
    `Somebody, most likely you, wants to be paged at ${oneLine(contact)}.`,
    `Code: ${code} (it holds for 30 minutes)`,
    `Or confirm here: ${acknowledgeLink}`,
    'If it was not you, do nothing: nothing else will be sent here.',
  ])
}

function label(severity: AlertSeverity): string {
  return { critical: 'Critical', warning: 'Warning', info: 'Info' }[severity]
}
