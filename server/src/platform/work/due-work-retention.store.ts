// All SQL by which leftovers of the platform go: work that failed for good and nobody decided about, and answers kept for
// repeated requests.
import { sql, timestamp } from '../database/queries.ts'
import { beyond, type KeepRule, type OldRow, picked } from '../retention/keep-rule.ts'

const setAside: KeepRule = {
  name: 'set-aside work',
  summary: 'Work that failed for good and that nobody retried or dropped',
  keep: 'work',
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select id::text as id, set_aside_at::text as at, true as unclear from due_work
        where set_aside_at < ${timestamp(before)} and ${beyond(sql`set_aside_at, id`, after, 'bigint')}
        order by set_aside_at, due_work.id limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) =>
    tx.run(sql`delete from due_work where id = any(${[...ids]}::bigint[]) and set_aside_at is not null`),
}

// They answer repeats for 24 hours; the day more costs little and forgives a clock.
const answers: KeepRule = {
  name: 'answers to repeats',
  summary: 'Answers kept for a repeated Idempotency-Key',
  keep: 2,
  pick: async (tx, { before, after, limit }) =>
    picked(
      await tx.many(sql<OldRow>`
        select actor || ' ' || key as id, created_at::text as at from idempotency_keys
        where created_at < ${timestamp(before)} and ${beyond(sql`created_at, actor || ' ' || key`, after, 'text')}
        order by created_at, actor || ' ' || key limit ${limit} for update skip locked`),
      limit,
    ),
  remove: (tx, ids) =>
    tx.run(sql`
      delete from idempotency_keys where (actor, key) in (
        -- A key has no space in it.
        select substring(id from '^(.*) '), substring(id from '[^ ]+$') from unnest(${[...ids]}::text[]) as picked (id))`),
}

export const platformKept: readonly KeepRule[] = [setAside, answers]
