// All SQL by which the roll-up goes: day by day, from the oldest.
import type { Tx } from '../../platform/database/database.ts'
import { sql, timestamp } from '../../platform/database/queries.ts'
import { type KeepRule, type OldRow, picked } from '../../platform/retention/keep-rule.ts'

// An objective may have no blanks in its name; the day before it has none either.
const split = (ids: readonly string[]) =>
  ids.map((id) => ({ day: id.slice(0, id.indexOf(' ')), objective: id.slice(id.indexOf(' ') + 1) }))

export const countsKept: KeepRule = {
  name: 'objective-days',
  summary: 'What objectives counted, by the quarter of an hour',
  keep: 'counts',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select d.day::text || ' ' || d.objective as id, d.day::text as at,
          coalesce((select array[o.service] from objectives o where o.name = d.objective), '{}') as services
        from objective_days d
        where d.day < (${timestamp(before)} at time zone 'UTC')::date
          and ${after === null ? sql`true` : sql`(d.day, d.objective) > (${after[0]}::date, ${split([after[1]])[0]?.objective ?? ''})`}
        order by d.day, d.objective limit ${limit} for update of d skip locked`),
      limit,
    ),
  remove: async (tx: Tx, ids) =>
    tx.run(sql`
      delete from objective_days d
      using unnest(${split(ids).map((each) => each.day)}::date[], ${split(ids).map((each) => each.objective)}::text[]) as g (day, objective)
      where d.day = g.day and d.objective = g.objective`),
}
