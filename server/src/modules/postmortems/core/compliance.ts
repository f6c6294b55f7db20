// Whether postmortems are published by their day: counted, never guessed.
import type { Instant } from '../../../kernel/instant.ts'

export interface DueRecord {
  readonly severity: string
  readonly team: string | null
  readonly dueAt: Instant
  /** The first time, whatever was corrected later. */
  readonly publishedAt: Instant | null
  /** Somebody said, with a reason, that none is needed. */
  readonly excused: boolean
}

export interface Compliance {
  /** Whose day has come, or who is published. */
  readonly due: number
  readonly onTime: number
  readonly late: number
  /** Of the late ones, those that are not published yet. */
  readonly open: number
  /** Null: nothing was due, which is neither good nor bad. */
  readonly ratio: number | null
  /** Neither kept nor late: told beside, so that nobody hides behind them. */
  readonly excused: number
}

/** What was published before its day counts from then; what is neither published nor due does not count. */
export function complianceOf(all: readonly DueRecord[], now: Instant): Compliance {
  const isOut = (each: DueRecord) => each.excused && each.publishedAt === null
  const records = all.filter((each) => !isOut(each))
  const onTime = records.filter((each) => each.publishedAt !== null && each.publishedAt <= each.dueAt).length
  const after = records.filter((each) => each.publishedAt !== null && each.publishedAt > each.dueAt).length
  const open = records.filter((each) => each.publishedAt === null && each.dueAt < now).length
  const due = onTime + after + open
  return {
    due,
    onTime,
    late: after + open,
    open,
    ratio: due === 0 ? null : onTime / due,
    excused: all.filter(isOut).length,
  }
}
