// Whether a sweep would find anything, in one statement: most find nothing. Each part is the condition of the step it stands for.
import { type Queries, sql } from '../../platform/database/queries.ts'
import { leasesRunOut, silencedOpen, snoozesOver } from './alerts.store.ts'
import { groupsDue } from './route-groups.store.ts'
import { routedAway } from './routing.store.ts'
import { silencesToCome } from './silences.store.ts'
import { turnsDue } from './turns.store.ts'

export interface SweepLook {
  /** Something calls for the whole sweep, or may: what is locked by others is seen, too. */
  readonly isDue: boolean
  /** Alerts that maintenance may hold from now on. */
  readonly isFiring: boolean
}

/** O(1) by indexes; only where nothing else is due all leases are read, once. */
export async function lookForSweep(queries: Queries): Promise<SweepLook> {
  return queries.one(sql<SweepLook>`
    select case
        when exists (select from ${turnsDue}) or exists (select from ${silencesToCome}) or exists (select from ${silencedOpen})
          or exists (select from ${routedAway}) or exists (select from ${groupsDue}) then true
        else exists (select from ${snoozesOver}) or exists (select from ${leasesRunOut}) end as "isDue",
      exists (select from alerts where status = 'firing') as "isFiring"`)
}
