// Monitors: problems begin, get worse, end or fall silent. A sender knows only what was answered 2xx, and repeats the
// rest, as Alertmanager and every client of an events API does.
import { day, hour, minute, second } from '../../../src/kernel/duration.ts'
import { instant } from '../../../src/kernel/instant.ts'
import type { AlertSeverity } from '../../../src/kernel/severity.ts'
import type { Fleet } from '../fleet.ts'
import type { Organisation } from '../organisation.ts'
import { type Intake, receiveSignals } from '../product/intake.ts'
import type { House } from '../product/paging.ts'
import type { Random } from '../random.ts'
import type { Rules } from '../rules.ts'
import type { Timeline } from '../timeline.ts'

/** `leased`: repeats and gives an end. `explicit`: says once, and once that it is over. `patient`: repeats without an end. */
type Habit = 'leased' | 'explicit' | 'patient'

export interface Accepted {
  readonly source: string
  readonly key: string
  readonly status: 'firing' | 'resolved'
  readonly severity: AlertSeverity
  readonly askedAt: number
  /** Until when the sender stands for it, unless it says more; null without an end. */
  readonly vouchedUntil: number | null
}

export interface SenderNeeds {
  readonly timeline: Timeline
  readonly fleet: Fleet
  readonly random: Random
  readonly rules: Rules
  readonly house: House
  readonly organisation: Organisation
  readonly until: number
  readonly storms: boolean
  readonly accepted: (accepted: Accepted) => void
}

interface Problem {
  readonly habit: Habit
  readonly service: string | null
  readonly key: string
  readonly rule: string
  severity: AlertSeverity
  firing: boolean
  /** Signals under way, so that a late repeat does not overtake the news. */
  sending: boolean
}

const assumedLeaseMs = 10 * minute
const leaseMs = 5 * minute
const repeatMs: Readonly<Record<Habit, number>> = {
  leased: 2 * minute,
  explicit: Number.POSITIVE_INFINITY,
  patient: 3 * minute,
}
const retryMs = 5 * second
const rules = ['latency', 'errors', 'disk'] as const

export class Senders {
  private readonly needs: SenderNeeds
  private readonly active = new Set<string>()
  private made = 0

  constructor(needs: SenderNeeds) {
    this.needs = needs
    const perDay = needs.random.whole(3, 12)
    this.next(day / perDay)
    if (needs.storms) this.nextStorm()
  }

  private next(meanMs: number): void {
    const { timeline, random, until } = this.needs
    timeline.after(random.wait(meanMs), () => {
      if (timeline.now >= until) return
      this.begin(random.pick(['critical', 'critical', 'warning', 'info']), random.wait(40 * minute) + minute)
      this.next(meanMs)
    })
  }

  /** Failures come together: several services at once, shortly before something of ours breaks too. */
  trouble(): void {
    const { random } = this.needs
    for (let count = random.whole(2, 5); count > 0; count -= 1)
      this.begin('critical', random.wait(30 * minute) + 10 * minute)
  }

  /** Many keys within a minute, and in the middle of them one that matters. */
  private nextStorm(): void {
    const { timeline, random, until } = this.needs
    timeline.after(random.wait(6 * day), () => {
      if (timeline.now >= until) return
      const count = random.whole(10, 70)
      const lastsMs = random.wait(20 * minute) + 2 * minute
      const usual = random.pick<AlertSeverity>(['warning', 'critical'])
      for (let index = 0; index < count; index += 1)
        timeline.after(random.whole(0, minute), () => this.begin(usual, lastsMs, `storm-${this.made++}`))
      timeline.after(30 * second, () => this.begin('critical', lastsMs))
      this.nextStorm()
    })
  }

  private begin(severity: AlertSeverity, lastsMs: number, name?: string): void {
    const { timeline, random, organisation } = this.needs
    const service = random.chance(0.03) ? null : random.pick(organisation.services).name
    const rule = random.pick(rules)
    const key = `${service ?? 'nobody'}/${rule}${name === undefined ? '' : `/${name}`}`
    if (this.active.has(key)) return
    this.active.add(key)
    const habit = random.pick<Habit>(['leased', 'explicit', 'patient'])
    const problem: Problem = { habit, service, key, rule, severity, firing: true, sending: false }
    this.send(problem)
    if (Number.isFinite(repeatMs[habit])) this.repeat(problem)
    if (severity !== 'critical' && random.chance(0.15))
      timeline.after(random.whole(0, lastsMs), () => {
        if (!problem.firing) return
        problem.severity = 'critical'
        this.send(problem)
      })
    timeline.after(Math.min(lastsMs, 12 * hour), () => {
      problem.firing = false
      // Some stop without a word: the lease they gave, or the one that is assumed, runs out.
      if (habit === 'explicit' || random.chance(0.75)) this.send(problem)
      timeline.after(30 * minute, () => this.active.delete(key))
    })
  }

  private repeat(problem: Problem): void {
    this.needs.timeline.after(repeatMs[problem.habit], () => {
      if (!problem.firing) return
      this.send(problem)
      this.repeat(problem)
    })
  }

  private send(problem: Problem): void {
    const { timeline, fleet, house, accepted } = this.needs
    if (problem.sending) return void timeline.after(second, () => this.send(problem))
    problem.sending = true
    const askedAt = timeline.now
    const { severity } = problem
    const status = problem.firing ? 'firing' : 'resolved'
    const source = problem.habit
    const intake = this.intakeOf(problem)
    const lease = { leased: leaseMs, patient: assumedLeaseMs, explicit: null }[problem.habit]
    const vouchedUntil = lease === null ? null : askedAt + lease
    fleet.request(
      (tx) => receiveSignals(tx, house, intake(tx.now)),
      (reply) => {
        problem.sending = false
        if (reply.kind === 'done') accepted({ source, key: problem.key, status, severity, askedAt, vouchedUntil })
        // The state of now is sent, not the one that failed.
        else timeline.after(retryMs, () => this.send(problem))
      },
    )
  }

  private intakeOf(problem: Problem): (now: number) => Intake {
    const { habit, service, severity, key, rule, firing } = problem
    const { timeline, rules: decisions } = this.needs
    const sentAt = timeline.now
    return (now) => {
      const reading = decisions.readSignal(
        {
          source: habit,
          status: firing ? 'firing' : 'resolved',
          dedupKey: key,
          labels: { alertname: rule },
          severity,
          service,
          endsAt: habit === 'leased' && firing ? instant(sentAt + leaseMs) : null,
        },
        instant(now),
      )
      if (!reading.ok) throw new Error('The simulation sent a signal that cannot be read.')
      const policy = { assumedLeaseMs: habit === 'patient' ? assumedLeaseMs : null }
      return { source: habit, signals: [reading.signal], policy }
    }
  }
}
