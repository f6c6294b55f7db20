// One escalation, worked out a second way from the policy as a person reads it: who must be told at which step, and when
// the next step is. Fed with what came in; compared with the pages that were written down.
import { day } from '../../../src/kernel/duration.ts'
import type { Urgency } from '../../../src/kernel/severity.ts'
import type {
  Escalation,
  EscalationInput,
  EscalationPolicy,
  Schedule,
  Target,
} from '../../../src/modules/oncall/core/index.ts'
import { nextChange, onCall } from './on-call.ts'

export interface Surroundings {
  readonly schedule: (name: string) => Schedule | null
  readonly inTeam: (team: string) => readonly string[]
  readonly canReach: (person: string) => boolean
}

type Phase = 'running' | 'quiet' | 'assigned' | 'over' | 'nobody' | 'ended'

/** What a step must have written: `null` when nobody is to be told. */
export interface Expected {
  readonly people: readonly string[] | null
  /** Machines that must be told by the step. */
  readonly machines: readonly string[]
  /** Nothing was due yet, so that a page now would be early. */
  readonly early: boolean
}

const phases = {
  escalating: 'running',
  acknowledged: 'quiet',
  snoozed: 'quiet',
  resolved: 'ended',
  'low-urgency': 'assigned',
  'rounds-used': 'over',
  'nobody-reachable': 'nobody',
} as const

const horizonMs = 8 * day
const fallback = -1

export class EscalationModel {
  policy: EscalationPolicy
  private readonly turn: number
  private readonly around: Surroundings
  urgency: Urgency
  phase: Phase = 'running'
  level = 0
  round = 0
  /** When something must happen by itself; null when it waits for people. */
  dueAt: number | null = null
  private handOverAt: number | null = null
  private assigned: readonly string[] = []
  private paged: readonly string[] = []
  private machines: readonly string[] = []
  /** Something asked for pages after all: an acknowledgement before it no longer keeps them quiet. */
  loudAt: number
  /** Pages made before it were called back. */
  stoppedAt = Number.NEGATIVE_INFINITY
  inputs = 0

  constructor(
    of: { readonly policy: EscalationPolicy; readonly urgency: Urgency; readonly turn: number },
    around: Surroundings,
    now: number,
  ) {
    this.policy = of.policy
    this.urgency = of.urgency
    this.turn = of.turn
    this.around = around
    this.loudAt = now
  }

  /** An older state of the database holds again: taken from its row, and judged from here on. */
  static adopt(state: Escalation, around: Surroundings, now: number): EscalationModel {
    const model = new EscalationModel(state, around, now)
    const { phase } = state
    model.phase = phases[phase.kind === 'exhausted' ? phase.because : phase.kind]
    model.dueAt = phase.kind === 'acknowledged' ? phase.timesOutAt : phase.kind === 'snoozed' ? phase.until : null
    if (phase.kind === 'escalating') model.dueAt = phase.nextAt
    model.level = state.level
    model.round = state.round
    model.handOverAt = state.handOverAt
    model.assigned = state.assigned
    model.paged = state.pagedThisRound
    return model
  }

  get nextAt(): number | null {
    const { phase, dueAt, handOverAt } = this
    if (phase === 'ended') return null
    if (phase === 'quiet') return dueAt
    if (phase !== 'running') return handOverAt
    return handOverAt !== null && dueAt !== null && handOverAt < dueAt ? handOverAt : dueAt
  }

  open(now: number): Expected {
    this.machines = []
    return this.say(this.advance(0, 0, now, false))
  }

  step(input: EscalationInput, now: number): Expected {
    this.inputs += 1
    this.machines = []
    switch (input.kind) {
      case 'due':
        return this.due(now)
      case 'acknowledge':
        return this.quieten(this.policy.ackTimeoutMs === null ? null : now + this.policy.ackTimeoutMs, now)
      case 'snooze':
        return this.quieten(input.until, now)
      case 'resolve':
        this.quieten(null, now)
        this.phase = 'ended'
        return this.say(null)
      case 'unacknowledge':
        return this.say(this.again(now))
      case 'escalate': {
        this.loudAt = now
        const [level, round] = this.after()
        return this.say(this.advance(level, round, now, true))
      }
      case 'raise-urgency': {
        if (this.urgency === 'high') return this.say(null)
        this.urgency = 'high'
        return this.say(this.phase === 'quiet' ? null : this.again(now))
      }
      case 'reassign-people':
        return this.say(this.passTo(input.people, now))
      case 'reapply':
        return this.say(this.takeOverAndTell(input.policy, now))
      default:
        return this.say(null)
    }
  }

  /** A cover was made for one of its rotas. */
  lookAgain(at: number): void {
    if (this.handOverAt === null || at < this.handOverAt) this.handOverAt = at
  }

  private say(people: readonly string[] | null): Expected {
    return { people, machines: this.machines, early: false }
  }

  private due(now: number): Expected {
    const at = this.nextAt
    if (at === null || now < at) return { people: null, machines: [], early: true }
    if (this.phase === 'quiet') return this.say(this.again(now))
    if (this.phase === 'running' && this.dueAt !== null && now >= this.dueAt) {
      const [level, round] = this.after()
      return this.say(this.advance(level, round, now, false))
    }
    if (this.phase === 'nobody') return this.say(this.advance(0, this.round, now, false))
    return this.say(this.handOver(now))
  }

  private quieten(until: number | null, now: number): Expected {
    this.phase = 'quiet'
    this.dueAt = until
    this.handOverAt = null
    this.stoppedAt = now
    return this.say(null)
  }

  private again(now: number): readonly string[] | null {
    this.loudAt = now
    this.paged = []
    return this.advance(Math.max(this.level, 0), this.round, now, true)
  }

  private after(): [number, number] {
    return [this.level === fallback ? this.policy.levels.length : this.level + 1, this.round]
  }

  private advance(from: number, fromRound: number, now: number, endless: boolean): readonly string[] | null {
    const { levels, repeat, fallbackOwner } = this.policy
    let [level, round] = [from, fromRound]
    const passed: string[] = []
    for (let tried = 0; tried < levels.length; tried += 1) {
      if (level >= levels.length) {
        if (round >= repeat && !endless && this.assigned.length > 0) {
          this.machines = [...new Set(passed)]
          return this.end(now)
        }
        // Nobody has heard of it: its end would be silence.
        if (round >= repeat && !endless) {
          round = this.round
          break
        }
        level = 0
        round = Math.min(round + 1, repeat)
      }
      const people = this.peopleAt(level, round, now)
      if (people.length > 0) return this.tell(level, round, people, now)
      const machines = this.machinesAt(level)
      const hope = levels.some((_, each) => this.peopleAt(each, round, now).length > 0)
      if (machines.length > 0 && hope) return this.pause(level, round, now)
      passed.push(...machines)
      level += 1
    }
    const watched = this.changeAt(
      levels.flatMap((each) => each.targets),
      now,
    )
    this.round = round
    this.level = fallback
    const sought = this.phase === 'nobody'
    this.machines = [...new Set(passed)]
    if (fallbackOwner === null || !this.around.canReach(fallbackOwner)) {
      if (sought) this.machines = []
      this.phase = 'nobody'
      this.dueAt = null
      this.handOverAt = watched
      return null
    }
    this.wait(now + (levels[0]?.waitMs ?? 60_000))
    this.assigned = [fallbackOwner]
    this.paged = []
    this.handOverAt = this.policy.pageOnHandOver ? watched : null
    return [fallbackOwner]
  }

  private end(now: number): null {
    this.phase = 'over'
    this.dueAt = null
    this.handOverAt = this.watched(now)
    return null
  }

  /** Machines are told, and somebody behind them is waited for; whoever had it before has it. */
  private pause(level: number, round: number, now: number): null {
    if (round !== this.round || level <= this.level) this.paged = []
    this.level = level
    this.round = round
    this.machines = this.machinesAt(level)
    const until = now + (this.policy.levels[level]?.waitMs ?? 60_000)
    if (this.assigned.length > 0) this.wait(until)
    else [this.phase, this.dueAt] = ['running', until]
    this.handOverAt = this.watched(now)
    return null
  }

  private machinesAt(level: number): readonly string[] {
    const targets = this.policy.levels[level]?.targets ?? []
    return [...new Set(targets.flatMap((each) => (each.kind === 'webhook' ? [each.webhook] : [])))]
  }

  private tell(level: number, round: number, people: readonly string[], now: number): readonly string[] {
    const deeper = round === this.round && level > this.level
    const before = deeper ? this.paged : []
    this.machines = this.machinesAt(level)
    const fresh = people.filter((each) => !before.includes(each))
    this.level = level
    this.round = round
    this.assigned = people
    this.paged = [...before, ...people]
    this.wait(now + (this.policy.levels[level]?.waitMs ?? 60_000))
    this.handOverAt = this.watched(now)
    return fresh.length > 0 ? fresh : people
  }

  private wait(until: number): void {
    this.phase = this.urgency === 'low' ? 'assigned' : 'running'
    this.dueAt = this.urgency === 'low' ? null : until
  }

  private handOver(now: number): readonly string[] | null {
    if (this.level === fallback) return this.advance(0, this.round, now, false)
    const came = this.peopleAt(this.level, this.round, now).filter((each) => !this.assigned.includes(each))
    this.handOverAt = this.watched(now)
    if (came.length === 0 || !this.policy.pageOnHandOver) return null
    this.assigned = [...this.assigned, ...came]
    this.paged = [...this.paged, ...came]
    return came
  }

  /** Machines that the edited policy adds to the level under way are told with it. */
  private takeOverAndTell(policy: EscalationPolicy, now: number): readonly string[] | null {
    const { level } = this
    const known = this.machinesAt(level)
    const people = this.takeOver(policy, now)
    const goesOn = this.phase === 'running' && level >= 0 && this.level === level
    if (goesOn && this.machines.length === 0)
      this.machines = this.machinesAt(level).filter((each) => !known.includes(each))
    return people
  }

  /** Told by now are the people of the level under way, who come before it in the round, and whoever it was passed to. */
  private takeOver(policy: EscalationPolicy, now: number): readonly string[] | null {
    const waited = this.policy.levels[Math.max(this.level, 0)]?.waitMs ?? 0
    this.policy = policy
    this.level = Math.min(this.level, policy.levels.length - 1)
    this.round = Math.min(this.round, policy.repeat)
    if (this.phase === 'running' && this.dueAt !== null)
      this.dueAt = Math.max(now, this.dueAt - waited + (policy.levels[Math.max(this.level, 0)]?.waitMs ?? 0))
    if (this.phase === 'quiet') return null
    if (this.phase === 'nobody') return this.advance(0, this.round, now, false)
    if (this.phase === 'over') {
      const [level, round] = this.after()
      const people = this.advance(level, round, now, false)
      if (this.phase !== 'over') return people
    }
    if (this.level === fallback) return this.takeOverFromOwner(now)
    const known = [...this.assigned, ...this.paged]
    const added = this.peopleAt(this.level, this.round, now).filter((each) => !known.includes(each))
    this.handOverAt = this.watched(now)
    this.assigned = [...this.assigned, ...added]
    this.paged = [...this.paged, ...added]
    return added.length > 0 ? added : null
  }

  /** The owner is not told a second time; the wait goes on. */
  private takeOverFromOwner(now: number): readonly string[] | null {
    const { assigned, paged, phase, dueAt, round, machines } = this
    const people = this.advance(0, round, now, false)
    if (this.level !== fallback || people === null || people.some((each) => !assigned.includes(each))) return people
    Object.assign(this, { assigned, paged, phase, dueAt, round, machines })
    return null
  }

  private passTo(names: readonly string[], now: number): readonly string[] | null {
    const people = names.filter((each) => this.around.canReach(each))
    if (people.length === 0) return null
    this.loudAt = now
    this.stoppedAt = now
    this.wait(now + (this.policy.levels[Math.max(this.level, 0)]?.waitMs ?? 60_000))
    this.assigned = people
    this.handOverAt = null
    return people
  }

  private peopleAt(level: number, round: number, now: number): readonly string[] {
    const of = this.policy.levels[level]
    if (of === undefined) return []
    const reached = (target: Target): readonly string[] => {
      return this.named(target, now).filter((each) => this.around.canReach(each))
    }
    if (of.strategy !== 'round-robin') return [...new Set(of.targets.flatMap(reached))]
    const inTurn = of.targets.filter((each) => each.kind !== 'webhook')
    for (let offset = 0; offset < inTurn.length; offset += 1) {
      const target = inTurn[(this.turn + round + offset) % inTurn.length]
      const people = target === undefined ? [] : reached(target)
      if (people.length > 0) return people
    }
    return []
  }

  private named(target: Target, now: number): readonly string[] {
    if (target.kind === 'webhook') return []
    if (target.kind === 'person') return [target.person]
    return target.kind === 'team' ? this.around.inTeam(target.team) : this.holders(target.schedule, now)
  }

  private holders(schedule: string, now: number): readonly string[] {
    const found = this.around.schedule(schedule)
    return found === null ? [] : onCall(found, now)
  }

  private watched(now: number): number | null {
    if (!this.policy.pageOnHandOver) return null
    const level = this.policy.levels[this.level]
    const levels = level === undefined ? this.policy.levels : [level]
    return this.changeAt(
      levels.flatMap((each) => each.targets),
      now,
    )
  }

  private changeAt(targets: readonly Target[], now: number): number | null {
    const changes = targets.flatMap((target) => {
      const found = target.kind === 'schedule' ? this.around.schedule(target.schedule) : null
      return found === null ? [] : (nextChange(found, now, horizonMs) ?? [])
    })
    return changes.length === 0 ? null : Math.min(...changes)
  }
}
