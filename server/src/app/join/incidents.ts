// Who may read restricted incidents, for the journal and its live stream.

import type { AuditPorts } from '../../modules/audit/index.ts'
import { readerFor } from '../../modules/incidents/core/index.ts'
import { listRestricted } from '../../modules/incidents/index.ts'
import type { Needs } from '../../platform/room/needs.ts'
import { declaredNameOf } from './people.ts'

export function restrictionsOf({ database }: Needs): NonNullable<AuditPorts['restrictionsOf']> {
  return async (actor) => {
    // Asked once a second for each open stream: without restricted incidents it is one look at an empty index.
    const all = await listRestricted(database, { all: true })
    if (all.open.length === 0) return { open: [], closed: [] }
    return listRestricted(database, readerFor(actor, await declaredNameOf(database, actor)))
  }
}
