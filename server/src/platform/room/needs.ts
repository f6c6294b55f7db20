// What every room is handed. Rooms take more through ports of their own.
import type { Database } from '../database/database.ts'
import type { Journal } from '../journal/journal.ts'
import type { Log } from '../log/log.ts'

export interface Needs {
  readonly database: Database
  readonly journal: Journal
  readonly log: Log
  readonly newId: () => string
  /** Where people reach the console, without a slash at the end. */
  readonly publicUrl: string
}
