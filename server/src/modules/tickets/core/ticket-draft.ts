// What a ticket says when it is opened, and the mark by which we know it again.
import type { SubjectKind } from './ticket-state.ts'

export interface TicketSubject {
  readonly kind: SubjectKind
  readonly id: string
  readonly number: number
  readonly title: string
  /** Plain sentences, one a line. */
  readonly lines: readonly string[]
  readonly url: string
  /** Its words stay in the house. */
  readonly restricted: boolean
}

export interface TicketDraft {
  /** Stands in the ticket; whoever finds it has found our ticket. */
  readonly mark: string
  readonly title: string
  readonly lines: readonly string[]
  readonly url: string
}

/** Jira's summaries end at 255 characters, ServiceNow's short descriptions at 160. */
export const longestTitle = 160
const mostLines = 40

const nouns: Readonly<Record<SubjectKind, string>> = { incident: 'Incident', action: 'Action' }

export function draftOf(subject: TicketSubject, ticketId: string, title: string | null): TicketDraft {
  const name = `${nouns[subject.kind]} ${subject.number}`
  const said = subject.restricted ? `Restricted ${name.toLowerCase()}` : (title ?? `${name}: ${subject.title}`)
  return {
    mark: markOf(ticketId),
    // Half a character at the cut is none.
    title: oneLine(said)
      .slice(0, longestTitle)
      .replace(/[\ud800-\udbff]$/, ''),
    lines: subject.restricted
      ? ['What it is about is read by few. Ask whoever leads it.']
      : subject.lines.slice(0, mostLines).map(oneLine),
    url: subject.url,
  }
}

/** Letters, digits and dashes only: it is a label in Jira and a correlation in ServiceNow. */
export function markOf(ticketId: string): string {
  return `mainstay-${ticketId}`
}

const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim()
