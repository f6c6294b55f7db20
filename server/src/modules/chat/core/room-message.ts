// What a room shows, in no chat's own format: the pinned summary, the topic, and lines of the timeline.
import { formatInstant, type Instant } from '../../../kernel/instant.ts'

export const chatActions = ['acknowledge', 'command', 'mitigated', 'update'] as const
export type ChatAction = (typeof chatActions)[number]
/** On its button, in every chat. */
export const chatActionLabels: Readonly<Record<ChatAction, string>> = {
  acknowledge: 'Acknowledge',
  command: 'Take command',
  mitigated: 'Mitigated',
  update: 'Write an update',
}

export interface ChatLine {
  readonly at: string
  readonly text: string
}

/** Plain text throughout: the adapter escapes it. */
export type ChatMessage = {
  readonly head: string | null
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly lines: readonly ChatLine[]
  readonly foot: string | null
  readonly link: { readonly label: string; readonly url: string } | null
  readonly actions: readonly ChatAction[]
}

export interface IncidentFacts {
  readonly number: number
  readonly title: string
  readonly severity: string
  readonly status: string
  readonly services: readonly string[]
  readonly roles: readonly { readonly role: string; readonly person: string }[]
  readonly nextUpdateAt: string | null
  readonly url: string
}

const open = new Set(['triage', 'active', 'mitigated'])

export function summaryOf(incident: IncidentFacts): ChatMessage {
  const commander = holderOf(incident, 'commander')
  const others = incident.roles.filter((each) => each.role !== 'commander')
  const isOpen = open.has(incident.status)
  return {
    head: `${incident.severity} · Incident ${incident.number} · ${incident.title}`,
    facts: [
      ['State', incident.status],
      ['Commander', commander ?? 'nobody yet'],
      ...others.map((each) => [each.role.replace('-', ' '), each.person] as const),
      ...(incident.services.length === 0 ? [] : [['Services', incident.services.slice(0, 20).join(', ')] as const]),
      ...(isOpen && incident.nextUpdateAt !== null ? [['Next update', incident.nextUpdateAt] as const] : []),
    ],
    lines: [],
    foot: isOpen ? '`/mainstay help` shows what can be done from here.' : null,
    link: { label: 'Open in Mainstay', url: incident.url },
    actions: [
      ...(incident.status === 'triage' ? ['acknowledge' as const] : []),
      ...(isOpen ? ['command' as const] : []),
      ...(incident.status === 'active' ? ['mitigated' as const] : []),
      ...(isOpen ? ['update' as const] : []),
    ],
  }
}

/** Slack's topics end at 250 characters, Mattermost's headers later. */
const longestTopic = 250

export function topicOf(incident: IncidentFacts): string {
  const words = [incident.severity, incident.status, `commander: ${holderOf(incident, 'commander') ?? 'nobody yet'}`]
  return `${words.join(' · ')} · ${incident.url}`.slice(0, longestTopic)
}

function holderOf({ roles }: IncidentFacts, role: string): string | null {
  return roles.find((each) => each.role === role)?.person ?? null
}

/** What stays behind in a room that others can read, once the incident is for few. */
export const restrictedNote: ChatMessage = {
  head: 'This incident is restricted now',
  facts: [],
  lines: [],
  foot: 'It is led in another place. Nothing more is posted here.',
  link: null,
  actions: [],
}

export interface JournalFact {
  readonly id: number
  readonly at: Instant
  readonly type: string
  readonly sentence: string
}

/** Lines of one message, and how many may wait before only the weighty ones are told. */
const mostLines = 15
const mostWaiting = 45
/** What chat itself wrote down, and what only moves lines about. */
const untold = new Set(['incident.chat-opened', 'incident.chat-said', 'incident.chat-pinned', 'incident.entry-placed'])
const weighty =
  /^incident\.(declared|activated|mitigated|resolved|reopened|severity-changed|role-|update-posted|decision-|merged|split)/

/**
 * Whether a room is told of such an entry. All of these are written under the incident's lock, so an entry with a smaller
 * number was there before; of others (deliveries, what chat wrote) that is not so, and they move no room on.
 */
export function isTold(type: string): boolean {
  return type.startsWith('incident.') && !untold.has(type)
}

export interface Bundle {
  /** Everything up to this entry has been told or left out with this message. */
  readonly upTo: number
  readonly message: ChatMessage | null
}

/** The next message of what waits; null when nothing waits. In the journal's order, nothing twice. */
export function bundleOf(waiting: readonly JournalFact[], url: string): Bundle | null {
  const told = waiting.filter((each) => isTold(each.type))
  const last = told.at(-1)
  if (last === undefined) return null
  const current = told.filter((each, index) => !isOutdated(each, told.slice(index + 1)))
  const folded = current.length > mostWaiting
  const worth = folded ? current.filter((each) => weighty.test(each.type)).slice(-mostWaiting) : current
  const now = folded ? worth : worth.slice(0, mostLines)
  const left = current.length - worth.length
  // More follows: this message ends before the first line that is left for the next one.
  const upTo = now.length < worth.length && !folded ? (now.at(-1)?.id ?? last.id) : last.id
  if (now.length === 0 && left === 0) return { upTo, message: null }
  return {
    upTo,
    message: {
      head: null,
      facts: [],
      lines: now.map(({ at, sentence }) => ({ at: formatInstant(at), text: sentence })),
      foot: left === 0 ? null : `${left} more lines came together and stand in the timeline.`,
      link: left === 0 ? null : { label: 'Timeline', url },
      actions: [],
    },
  }
}

/** A reminder is old once the update is out or a later reminder waits too. */
function isOutdated(fact: JournalFact, later: readonly JournalFact[]): boolean {
  return (
    fact.type === 'incident.update-overdue' &&
    later.some((each) => each.type === 'incident.update-posted' || each.type === 'incident.update-overdue')
  )
}
