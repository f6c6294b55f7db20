// The name of a page, made from what it is: whoever makes the same page again, also another process that cannot ask
// the database, gives it the same name, and with it its messages the same keys.
import { uuidOf } from '../../platform/ids.ts'

/** The first escalation of an alert; another one of the same alert has a name of its own. */
export function escalationIdOf(alert: string): string {
  return uuidOf(`escalation\n${alert}`)
}

/** A webhook at one step; no person has the name of this page. */
export function webhookPageIdOf(escalation: string, step: number, webhook: string): string {
  return uuidOf(`webhook page\n${escalation}\n${step}\n${webhook}`)
}

/** Steps are counted over the whole escalation, so one of them is one page to one person. */
export function pageIdOf(escalation: string, step: number, person: string): string {
  return uuidOf(`page\n${escalation}\n${step}\n${person}`)
}
