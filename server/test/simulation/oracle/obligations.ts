// What must have happened by a time, counted in calm time: looked at when it is due, and again for as long as something
// was broken meanwhile.
import type { Calm } from '../calm.ts'
import type { Timeline } from '../timeline.ts'
import { type Invariant, Violation } from './violation.ts'

export interface Obligation {
  readonly invariant: Invariant
  readonly from: number
  readonly withinMs: number
  readonly isMet: () => boolean
  readonly sentence: () => string
  readonly subjects: readonly string[]
}

export class Obligations {
  open = 0
  /** What an older state of the database brought back: promises from before are void. */
  private era = 0
  private readonly timeline: Timeline
  private readonly calm: Calm

  constructor(timeline: Timeline, calm: Calm) {
    this.timeline = timeline
    this.calm = calm
  }

  forget(): void {
    this.era += 1
    this.open = 0
  }

  add(obligation: Obligation): void {
    this.open += 1
    this.look(obligation, this.era, obligation.from + obligation.withinMs)
  }

  private look(obligation: Obligation, era: number, at: number): void {
    const { timeline, calm } = this
    timeline.at(at, () => {
      if (era !== this.era) return
      if (obligation.isMet()) {
        this.open -= 1
        return
      }
      const { invariant, from, withinMs, subjects } = obligation
      const left = withinMs - calm.between(from, timeline.now)
      if (left <= 0) throw new Violation(invariant, obligation.sentence(), subjects)
      this.look(obligation, era, timeline.now + Math.max(left, 100))
    })
  }
}
