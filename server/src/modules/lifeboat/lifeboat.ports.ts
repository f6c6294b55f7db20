// What the lifeboat needs from outside. App joins it.
import type { Keyring } from '../../platform/secrets/index.ts'
import type { AlertsPorts } from '../alerts/index.ts'
import type { NotificationPorts } from '../notifications/index.ts'
import type { OncallPorts } from '../oncall/index.ts'
import type { MarkFile } from './send-marks.ts'

/** Settings of channels that live in the database, remembered for when it cannot be asked. */
export interface RememberedSettings {
  /** Reads all of them once more, so that none is missing. */
  collect(): Promise<Readonly<Record<string, string>>>
  recall(settings: Readonly<Record<string, string>>): void
}

export interface LifeboatPorts {
  readonly alerts: AlertsPorts
  readonly oncall: Pick<OncallPorts, 'lastResort' | 'links'>
  readonly notifications: NotificationPorts
  readonly settings: RememberedSettings
  readonly keyring: Pick<Keyring, 'derive'>
  /** Where journals and the plan lie, one folder for each process below it. */
  readonly folder: string
  /** The name of this process among the others; no other has it, also later. */
  readonly boat: string
  readonly publicUrl: () => string
  readonly marks: MarkFile
  /** Keys of pages that this process sent lately and the plan may not show yet. */
  readonly sentLately: (key: string) => boolean
}
