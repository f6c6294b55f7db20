// People with phones: they hear, hesitate, take it, press twice, press together, put it off, pass it on, or sleep.
import { minute, second } from '../../../src/kernel/duration.ts'
import type { Fleet, Reply } from '../fleet.ts'
import { acknowledgeByLink, resolveAlert, snoozeAlert, unacknowledgeAlert } from '../product/answers.ts'
import type { Tx } from '../product/database.ts'
import { applyInput } from '../product/escalating.ts'
import { markSeen } from '../product/outcomes.ts'
import type { House } from '../product/paging.ts'
import type { Random } from '../random.ts'
import type { Timeline } from '../timeline.ts'
import type { Sent } from './providers.ts'

export interface PeopleNeeds {
  readonly timeline: Timeline
  readonly fleet: Fleet
  readonly random: Random
  readonly house: House
  readonly names: readonly string[]
  readonly sleepers: boolean
  readonly snoozes: boolean
  readonly secondThoughts: boolean
  readonly passingOn: boolean
  /** Told when the person reads that it was taken: the promise begins there. */
  readonly acknowledged: (alertId: string, committedAt: number) => void
  readonly snoozed: (alertId: string, until: number) => void
}

export class People {
  private readonly needs: PeopleNeeds
  private readonly heard = new Set<string>()

  constructor(needs: PeopleNeeds) {
    this.needs = needs
  }

  /** A copy of a message has reached the person's phone. */
  hear(sent: Sent): void {
    if (!sent.taken || sent.row.purpose === 'ended') return
    const { random, timeline, sleepers } = this.needs
    const { key } = sent.row
    if (this.heard.has(key)) return
    this.heard.add(key)
    if (this.heard.size > 5_000) this.heard.clear()
    if (random.chance(sleepers ? 0.75 : 0.35)) return
    timeline.after(second + random.wait(sleepers ? 4 * minute : 70 * second), () => {
      this.ask((tx) => markSeen(tx, key))
      this.decide(sent)
    })
  }

  private decide(sent: Sent): void {
    const { random, timeline, snoozes, secondThoughts, passingOn, names } = this.needs
    const { person } = sent.row
    const [alert] = sent.alerts
    if (alert === undefined) return
    const dice = random.next()
    if (snoozes && dice < 0.08) return void this.snooze(alert, person)
    if (passingOn && dice < 0.14) return void this.passOn(alert, person)
    if (dice < 0.18) return
    if (dice < 0.22) return void this.ask((tx) => resolveAlert(tx, alert, person))
    for (const each of sent.alerts) this.acknowledge(each, person)
    if (random.chance(0.15)) timeline.after(random.whole(0, 60), () => this.acknowledge(alert, random.pick(names)))
    if (secondThoughts && random.chance(0.12))
      timeline.after(random.wait(3 * minute), () =>
        this.ask((tx) => unacknowledgeAlert(tx, this.needs.house, alert, person)),
      )
  }

  private acknowledge(alert: string, person: string): void {
    let committedAt = Number.POSITIVE_INFINITY
    this.ask(
      (tx) => {
        committedAt = this.needs.timeline.now
        return acknowledgeByLink(tx, alert, person)
      },
      (answer) => {
        if (answer === 'acknowledged') this.needs.acknowledged(alert, committedAt)
      },
    )
  }

  private snooze(alert: string, person: string): void {
    const forMs = this.needs.random.whole(1, 40) * minute
    this.ask(
      (tx) => snoozeAlert(tx, alert, person, forMs),
      (row) => {
        if (row.snoozedUntil !== null) this.needs.snoozed(alert, row.snoozedUntil)
      },
    )
  }

  private passOn(alert: string, person: string): void {
    const { random, names } = this.needs
    const other = random.pick(names)
    if (random.chance(0.5)) this.ask((tx) => applyInput(tx, alert, { kind: 'escalate', by: person }))
    else this.ask((tx) => applyInput(tx, alert, { kind: 'reassign-people', by: person, people: [other] }))
  }

  /** Presses again when nothing came back, a few times. */
  private ask<T>(work: (tx: Tx) => T, done: (value: T) => void = () => undefined, tries = 4): void {
    const { fleet, timeline, random } = this.needs
    fleet.request(work, (reply: Reply<T>) => {
      if (reply.kind === 'done') done(reply.value)
      else if (reply.kind === 'failed' && tries > 1)
        timeline.after(random.whole(2, 12) * second, () => this.ask(work, done, tries - 1))
    })
  }
}
