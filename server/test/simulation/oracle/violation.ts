// The invariants, and what is said when one does not hold.

export const invariants = {
  I1: 'every accepted firing alert has its page, or a reason, at every step',
  I2: 'no page after an acknowledgement or an end',
  I3: 'no step is early',
  I4: 'at most two copies of a message, under one key',
  I5: 'a critical page is not held up by a storm, and nobody is buried by what came due in an outage',
  I6: 'when faults stop, everything that is due is done',
  I7: 'the journal has no gaps',
  I8: 'what was told before a backup is not told again after its restore',
  I9: 'a silence hides what it names and no more, and not for longer',
} as const
export type Invariant = keyof typeof invariants

export class Violation extends Error {
  readonly invariant: Invariant
  readonly subjects: readonly string[]

  constructor(invariant: Invariant, sentence: string, subjects: readonly string[]) {
    super(`${invariant} (${invariants[invariant]}): ${sentence}`)
    this.invariant = invariant
    this.subjects = subjects
  }
}
