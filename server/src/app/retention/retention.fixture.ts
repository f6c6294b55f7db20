// A past made up at random, in rows, and what of it must be left afterwards by a reading of the promise that shares no
// code with the product.
import fc from 'fast-check'
import { day } from '../../kernel/duration.ts'
import { type Instant, plus } from '../../kernel/instant.ts'
import type { Database } from '../../platform/database/database.ts'
import { json, sql, timestamp } from '../../platform/database/queries.ts'
import { newId } from '../../platform/ids.ts'

export interface PastAlert {
  readonly service: 'checkout' | 'ledger' | null
  readonly person: 'ana' | 'ben'
  readonly openedDaysAgo: number
  /** Null: it is open still. */
  readonly lastedDays: number | null
  readonly incident: 'none' | 'open' | 'resolved' | 'draft' | 'acting' | 'learnt'
  readonly bundled: boolean
}

export const anyAlert: fc.Arbitrary<PastAlert> = fc.record({
  service: fc.constantFrom('checkout', 'ledger', null),
  person: fc.constantFrom('ana', 'ben'),
  openedDaysAgo: fc.integer({ min: 1, max: 900 }),
  lastedDays: fc.option(fc.integer({ min: 0, max: 500 }), { freq: 4 }),
  incident: fc.constantFrom('none', 'none', 'open', 'resolved', 'draft', 'acting', 'learnt'),
  bundled: fc.boolean(),
})

export interface Written extends PastAlert {
  readonly id: string
  readonly incidentId: string | null
  readonly openedAt: Instant
  readonly endedAt: Instant | null
}

/** One alert with everything the product keeps about one. */
export async function writePast(database: Database, past: PastAlert, now: Instant): Promise<Written> {
  const openedAt = plus(now, -past.openedDaysAgo * day)
  const ended = past.lastedDays === null ? null : plus(openedAt, past.lastedDays * day)
  const endedAt = ended !== null && ended > now ? null : ended
  const [id, escalation, page, incident] = [newId(), newId(), newId(), newId()]
  const incidentId = past.incident === 'none' ? null : incident
  const at = timestamp(openedAt)
  const until = endedAt === null ? sql`null::timestamptz` : timestamp(endedAt)
  const phase = endedAt === null ? 'escalating' : 'resolved'
  const facts = json({})
  await database.transaction(async (tx) => {
    if (incidentId !== null) await writeIncident(past, incidentId, openedAt, tx.run)
    await tx.run(sql`
      insert into alerts (id, source, key, status, severity, worst, urgency, service, title, signal, started_at, opened_at, last_seen_at, ended_at, ended, incident_id)
      values (${id}, 'test', ${id}, ${endedAt === null ? 'firing' : 'resolved'}, 'critical', 'critical', 'high', ${past.service}, 'Errors', ${facts},
        ${at}, ${at}, ${at}, ${until}, ${endedAt === null ? null : 'resolved'}, ${incidentId})`)
    await tx.run(
      sql`insert into alert_trace (alert_id, at, rule, verdict, because) values (${id}, ${at}, 'paging', 'paged', 'because')`,
    )
    await tx.run(sql`
      insert into escalations (id, alert_id, service, policy, policy_name, chosen, urgency, severity, facts, state, phase, opened_at, closed_at)
      values (${escalation}, ${id}, ${past.service}, '{}', 'policy', 'because', 'high', 'critical', ${facts}, '{}', ${phase}, ${at}, ${until})`)
    await tx.run(sql`
      insert into pages (id, escalation_id, alert_id, service, step, round, person, at, because)
      values (${page}, ${escalation}, ${id}, ${past.service}, 1, 1, ${past.person}, ${at}, 'because')`)
    const bundle = past.bundled ? newId() : null
    if (bundle !== null)
      await tx.run(
        sql`insert into bundles (id, person, urgency, due_at, closed_at, created_at) values (${bundle}, ${past.person}, 'high', ${at}, ${at}, ${at})`,
      )
    await tx.run(sql`
      insert into page_notices (page_id, alert_id, person, severity, facts, bundle_id, created_at)
      values (${page}, ${id}, ${past.person}, 'critical', ${facts}, ${bundle}, ${at})`)
    const key = `${page}-${past.person}`
    await tx.run(sql`
      insert into deliveries (key, purpose, page_id, alert_id, service, step, plan_order, person, contact, kind, urgency, because, content, zone, phase, created_at)
      values (${key}, ${bundle === null ? 'page' : 'bundle'}, ${bundle ?? page}, ${bundle === null ? id : null}, ${bundle === null ? past.service : null}, 1, 1,
        ${past.person}, 'contact', 'email', 'high', 'because', ${facts}, 'UTC', 'sent', ${at})`)
    await tx.run(sql`insert into delivery_attempts (key, attempt, started_at) values (${key}, 1, ${at})`)
  })
  return { ...past, id, incidentId, openedAt, endedAt }
}

async function writeIncident(past: PastAlert, id: string, at: Instant, run: Database['run']): Promise<void> {
  const status = past.incident === 'open' ? 'active' : 'resolved'
  const resolvedAt = past.incident === 'open' ? sql`null::timestamptz` : timestamp(at)
  await run(sql`
    insert into incidents (id, title, severity, severity_reason, status, declared_at, resolved_at, declared_by, automatic)
    values (${id}, 'Errors', 'SEV2', 'because', ${status}, ${timestamp(at)}, ${resolvedAt}, 'ana', true)`)
  if (past.incident === 'open' || past.incident === 'resolved') return
  const postmortem = newId()
  await run(sql`
    insert into postmortems (id, incident_id, incident_number, title, severity, status, opened_by, because, opened_at, due_at, facts)
    values (${postmortem}, ${id}, 1, 'Errors', 'SEV2', ${past.incident === 'draft' ? 'draft' : 'published'}, 'ana', 'because', ${timestamp(at)}, ${timestamp(at)}, '{}')`)
  await run(sql`
    insert into corrective_actions (id, postmortem_id, incident_id, title, kind, owner, due_at, state, created_by, created_at)
    values (${newId()}, ${postmortem}, ${id}, 'Test it', 'prevent', 'ana', ${timestamp(at)}, ${past.incident === 'acting' ? 'open' : 'proven'}, 'ana', ${timestamp(at)})`)
}

/** What is there of the alert: the tables that still name it. */
export async function left(database: Database, { id, incidentId }: Written): Promise<readonly string[]> {
  const rows = await database.many(sql<{ name: string }>`
    select 'alert' as name from alerts where id = ${id}
    union all select 'trace' from alert_trace where alert_id = ${id}
    union all select 'escalation' from escalations where alert_id = ${id}
    union all select 'page' from pages where alert_id = ${id}
    union all select 'notice' from page_notices where alert_id = ${id}
    union all select 'incident' from incidents where id = ${incidentId}
    union all select 'postmortem' from postmortems where incident_id = ${incidentId}`)
  return rows.map((row) => row.name)
}

/** Messages, their attempts and bundles, in total: how many alerts have all of them. */
export async function messages(database: Database) {
  return database.one(sql<{ deliveries: number; attempts: number; bundles: number }>`
    select (select count(*)::int from deliveries) as deliveries, (select count(*)::int from delivery_attempts) as attempts,
      (select count(*)::int from bundles) as bundles`)
}
