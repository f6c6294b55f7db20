// All SQL by which old pages and the escalations behind them go.
import { sql, timestamp } from '../../platform/database/queries.ts'
import { beyond, type KeepRule, type OldRow, picked } from '../../platform/retention/keep-rule.ts'

const pages: KeepRule = {
  name: 'pages',
  summary: 'Who was called for what, and why they',
  keep: 'pages',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select p.id, p.at::text as at, array[p.alert_id::text] as alerts, array[p.person] as people, array_remove(array[p.service], null) as services
        from pages p join escalations e on e.id = p.escalation_id and e.phase = 'resolved'
        where p.at < ${timestamp(before)} and ${beyond(sql`p.at, p.id`, after)}
        order by p.at, p.id limit ${limit} for update of p skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from pages where id = any(${[...ids]}::uuid[])`),
}

// The copy of the policy in it names people. Asked row by row: as `not exists` the planner reads all pages (130 ms instead
// of 12 for a batch beside 180,000 pages).
const escalations: KeepRule = {
  name: 'escalations',
  summary: 'Escalations that are over, with the policy as it was, once none of their pages is left',
  keep: 'pages',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id, closed_at::text as at, array[alert_id::text] as alerts, 'anyone' as people, array_remove(array[service], null) as services
        from escalations e
        where closed_at < ${timestamp(before)} and phase = 'resolved'
          and ${beyond(sql`closed_at, id`, after)}
          and (select p.id from pages p where p.escalation_id = e.id limit 1) is null
        order by closed_at, id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) => tx.run(sql`delete from escalations where id = any(${[...ids]}::uuid[])`),
}

export const oncallKept: readonly KeepRule[] = [pages, escalations]
