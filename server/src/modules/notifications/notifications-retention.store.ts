// All SQL by which old messages go: pages as people heard of them, the bundles, the deliveries with every attempt.
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import { beyond, type KeepRule, type OldRow, type Pick, picked } from '../../platform/retention/keep-rule.ts'

const notices: KeepRule = {
  name: 'notices',
  summary: 'What each person was told of a page, alone or in a bundle',
  keep: 'pages',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select page_id as id, created_at::text as at, array[alert_id::text] as alerts, array[person] as people from page_notices
        where created_at < ${timestamp(before)} and ${beyond(sql`created_at, page_id`, after)}
        order by created_at, page_id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from page_notices where page_id = any(${[...ids]}::uuid[])`),
}

const bundles: KeepRule = {
  name: 'bundles',
  summary: 'Bundles of pages that hold none any more',
  keep: 'pages',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id, created_at::text as at, array[person] as people from bundles b
        where created_at < ${timestamp(before)} and due_at < ${timestamp(before)} and ${beyond(sql`created_at, id`, after)}
          and (select n.page_id from page_notices n where n.bundle_id = b.id limit 1) is null
        order by created_at, id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from bundles where id = any(${[...ids]}::uuid[])`),
}

// A key is text, so the cursor compares it as such. One that still has to be sent is never old.
async function pickDeliveries(tx: Tx, { before, after, limit }: Pick): Promise<readonly OldRow[]> {
  return tx.many(sql<OldRow>`
    select key as id, created_at::text as at, array_remove(array[person], null) as people, array_remove(array[service], null) as services,
      array_remove(array[alert_id::text], null) || array(select n.alert_id::text from page_notices n where n.bundle_id = d.page_id) as alerts
    from deliveries d
    where created_at < ${timestamp(before)} and phase not in ('pending', 'sending')
      and ${beyond(sql`created_at, key`, after, 'text')}
    order by created_at, key limit ${limit} for update skip locked`)
}

const deliveries: KeepRule = {
  name: 'deliveries',
  summary: 'Messages with their attempts and what providers answered',
  keep: 'pages',
  pick: async (tx, pick) => picked(await pickDeliveries(tx, pick), pick.limit),
  // What a provider knows a message by goes with it, by the database.
  remove: async (tx, ids) => {
    const attempts = await tx.run(sql`delete from delivery_attempts where key = any(${[...ids]})`)
    return attempts + (await tx.run(sql`delete from deliveries where key = any(${[...ids]})`))
  },
}

export const notificationsKept: readonly KeepRule[] = [notices, bundles, deliveries]
