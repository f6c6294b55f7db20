// What a ChatConnection says, with everything that was left out.
import { day, parseDuration } from '../../../kernel/duration.ts'
import { isJsonObject, type JsonObject } from '../../../kernel/json.ts'
import type { RoomsRule } from './next-step.ts'

export interface ChatSettings extends RoomsRule {
  readonly isPrivate: boolean
  /** Null: never. */
  readonly archiveAfterMs: number | null
  readonly keepMessages: boolean
}

export function readChatSettings(spec: JsonObject): ChatSettings {
  const rooms = spec.rooms !== undefined && isJsonObject(spec.rooms) ? spec.rooms : {}
  const after = rooms.archiveAfter
  return {
    from: typeof rooms.from === 'string' ? rooms.from : 'SEV2',
    drills: rooms.drills !== false,
    isPrivate: rooms.private === true,
    archiveAfterMs: after === 'never' ? null : typeof after === 'string' ? parseDuration(after) : 7 * day,
    keepMessages: spec.keepMessages === true,
  }
}
