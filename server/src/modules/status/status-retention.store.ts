// All SQL by which old mails to subscribers of status pages go; what was published stays.
import { sql, timestamp } from '../../platform/database/queries.ts'
import { type KeepRule, type OldRow, picked } from '../../platform/retention/keep-rule.ts'

// Ids are made in the order of time, so the oldest stand at the front of the primary key.
const mails: KeepRule = {
  name: 'status mails',
  summary: 'Mails to subscribers of status pages',
  keep: 'pages',
  pick: async (tx, { before, after, limit }) => {
    const rows = await tx.many(sql<OldRow & { readonly old: boolean; readonly waits: boolean }>`
      select id, created_at::text as at, created_at < ${timestamp(before)} as old, state = 'waiting' as waits, true as unclear from status_mails
      where ${after === null ? sql`true` : sql`id > ${after[1]}::uuid`} order by id limit ${limit} for update skip locked`)
    const old = rows.filter((row) => row.old)
    return { candidates: old.filter((row) => !row.waits), next: old.length === 0 ? null : picked(rows, limit).next }
  },
  remove: (tx, ids) => tx.run(sql`delete from status_mails where id = any(${[...ids]}::uuid[])`),
}

export const statusKept: readonly KeepRule[] = [mails]
