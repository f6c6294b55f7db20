// I9: an alert is held exactly while a silence that names it is in force, worked out by plain comparison of labels.
import { second } from '../../../src/kernel/duration.ts'
import type { Calm } from '../calm.ts'
import type { Database } from '../product/database.ts'
import type { AlertRow } from '../product/rows.ts'
import type { Timeline } from '../timeline.ts'
import type { Obligations } from './obligations.ts'
import { Violation } from './violation.ts'

export interface SilenceWatchNeeds {
  readonly timeline: Timeline
  readonly calm: Calm
  readonly database: Database
  readonly obligations: Obligations
  /** When something last asked for pages of the alert. */
  readonly loudAt: (alert: string) => number
  readonly hasPage: (alert: string, since: number) => boolean
}

/** A sweep every five seconds, and the time to send. */
const heardWithinMs = 12 * second

export class SilenceWatch {
  private readonly needs: SilenceWatchNeeds
  private readonly heldSince = new Map<string, number>()

  constructor(needs: SilenceWatchNeeds) {
    this.needs = needs
  }

  /** When the last silence that names the alert ends; null when none is in force. */
  private namedUntil(row: AlertRow): number | null {
    const { database, timeline } = this.needs
    const { service, rule } = row.episode.signal
    const value = (name: string) => (name === 'service' ? service : name === 'alertname' ? rule : null)
    let until: number | null = null
    for (const { silence } of database.tables.silences.all()) {
      if (timeline.now < silence.startsAt || timeline.now >= silence.endsAt) continue
      const names = silence.sets.some((set) => set.every((each) => value(each.name) === each.value))
      if (names) until = Math.max(until ?? 0, silence.endsAt)
    }
    return until
  }

  look(row: AlertRow, what: string): void {
    const { now } = this.needs.timeline
    const { id } = row
    const since = this.heldSince.get(id)
    if (row.status === 'resolved' || row.silencedBy === null) {
      this.heldSince.delete(id)
      if (row.status !== 'resolved' && since !== undefined) this.expectHeard(id, since)
      return
    }
    const until = this.namedUntil(row)
    if (since === undefined || what === 'opened') {
      if (until === null) throw new Violation('I9', `${id} is held, and no silence in force names it`, [id])
      this.heldSince.set(id, now)
    }
    this.expectRelease(id, until ?? now)
  }

  private expectRelease(id: string, until: number): void {
    this.needs.obligations.add({
      invariant: 'I9',
      from: until,
      withinMs: heardWithinMs,
      isMet: () => {
        const row = this.needs.database.tables.alerts.get(id)
        if (row === null || row.status === 'resolved' || row.silencedBy === null) return true
        // Another silence names it meanwhile: its own end is looked at.
        const named = this.namedUntil(row)
        if (named !== null) this.expectRelease(id, named)
        return named !== null
      },
      sentence: () => `${id} is still held, and no silence in force names it`,
      subjects: [id],
    })
  }

  private expectHeard(id: string, since: number): void {
    this.needs.obligations.add({
      invariant: 'I9',
      from: this.needs.timeline.now,
      withinMs: heardWithinMs,
      isMet: () => {
        const row = this.needs.database.tables.alerts.get(id)
        if (row === null || row.status === 'resolved' || row.silencedBy !== null) return true
        return row.pagedWith !== null || row.answeredBy !== null || this.needs.hasPage(id, since)
      },
      sentence: () => `the silence of ${id} is over and nobody has heard of it`,
      subjects: [id],
    })
  }

  /**
   * Whether a page that tells only of this alert, and of those that share it, should not have left. What somebody asked
   * for during the silence (gave it back, let an acknowledgement or a snooze of their own run out) is told.
   */
  quietBecause(alert: string, at: number): string | null {
    const { alerts } = this.needs.database.tables
    const members = [alerts.get(alert), ...alerts.by('group', alert)].filter((each) => each !== null)
    const open = members.filter((each) => each.status !== 'resolved')
    if (open.length === 0 || open.some((each) => each.silencedBy === null)) return null
    const since = Math.max(...open.map((each) => this.heldSince.get(each.id) ?? at))
    if (this.needs.loudAt(alert) > since) return null
    return this.needs.calm.between(since, at) > 5 * second ? `${at - since} ms after ${alert} was silenced` : null
  }

  forgetAlert(id: string): void {
    this.heldSince.delete(id)
  }

  forget(): void {
    this.heldSince.clear()
    for (const row of this.needs.database.tables.alerts.by('open', 'open'))
      if (row.silencedBy !== null) this.heldSince.set(row.id, this.needs.timeline.now)
  }
}
