// What the room asks of the exports of other on-call products.
import type { Instant } from '../../kernel/instant.ts'
import type { Interval } from '../../kernel/interval.ts'
import type { ScheduleSpec } from './kinds/schemas.ts'

export interface ImportedPerson {
  /** As the export refers to them. */
  readonly key: string
  readonly name: string
  readonly email: string | null
}

type RotationSpec = ScheduleSpec['rotations'][number]
/** A rotation as it is declared, its members by their keys in the export; null is an empty place. */
export type ImportedRotation = Omit<RotationSpec, 'members'> & { readonly members: readonly (string | null)[] }

export interface ImportedSchedule {
  readonly name: string
  readonly zone: string
  readonly rotations: readonly ImportedRotation[]
  /** What the other product says the schedule comes to, when the export holds it: ours is compared with it. */
  readonly rendered: readonly (Interval & { readonly person: string })[]
}

export interface ScheduleExport {
  readonly source: string
  readonly people: readonly ImportedPerson[]
  readonly schedules: readonly ImportedSchedule[]
  /** What could not be taken over as it was, for a person to read. */
  readonly notes: readonly string[]
}

/** Null when the text is no export that is known. What ended before `now` is left out. */
export type ReadScheduleExport = (text: string, now: Instant) => ScheduleExport | null

/** Webhooks stand beside schedules in exports. They call the other product's own paths, so that none is taken over. */
export function notesOfWebhooks(names: readonly string[]): readonly string[] {
  const known = [...new Set(names.filter((each) => each !== ''))]
  return known.map(
    (name) =>
      `Webhook ${name} is not taken over: declare a Webhook with the address of its receiver and name it in a level; what it is told and how that is signed is ours.`,
  )
}
