// What the room asks of whoever reads objectives that were written for another tool, or another version of OpenSLO.
import type { Fault } from '../../kernel/app-error.ts'
import type { JsonObject } from '../../kernel/json.ts'

/** What such documents do not say themselves. */
export interface ReadOptions {
  /** The DataSource to count from. */
  readonly dataSource: string | null
  /** The service objectives are of, where their format knows none. */
  readonly service: string | null
  /** Length of the window, where their format leaves it to a command line: `30d`. */
  readonly window: string | null
}

export interface SloReading {
  /** OpenSLO v1. */
  readonly documents: readonly JsonObject[]
  /** Objectives or settings that were not taken, and why. Pointers lead into the document that was read. */
  readonly leftOut: readonly Fault[]
  /** What differs from what it was there. */
  readonly notes: readonly Fault[]
}

export interface SloReader {
  /** As people call the format: `Sloth prometheus/v1`. */
  readonly format: string
  readonly matches: (document: JsonObject) => boolean
  /** Translates; decides nothing that the document says. */
  readonly read: (document: JsonObject, options: ReadOptions) => SloReading
}
