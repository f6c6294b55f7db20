// Many incidents from a few that were led: every row they left is copied under ids of its own, at another time, with another
// title. Triggers of the product run for each copy as for any other row.
import type { Client } from 'pg'

const words = ['zebra', 'harbour', 'violet', 'copper', 'meadow', 'lantern', 'glacier', 'orchid', 'thunder', 'pepper']

export async function copyIncidents(
  owner: Client,
  { incidents, entries }: { readonly incidents: number; readonly entries: number },
): Promise<Record<string, number>> {
  // One every hour, the newest an hour ago; among 10,000 copies each title occurs some hundred times.
  await owner.query(
    `create temp table copies as
     with led as (
       select id, status = 'resolved' as over, row_number() over (partition by status = 'resolved' order by number) as nth,
         count(*) over (partition by status = 'resolved') as of
       from incidents)
     select led.id as led, gen_random_uuid() as id, gen_random_uuid() as postmortem, n,
       make_interval(hours => n::int) as earlier, ' in ' || ($2::text[])[1 + n % array_length($2::text[], 1)] as word
     from generate_series(1, $1::int) as n
     join led on led.over = (n % 100 > 0) and led.nth = 1 + n % led.of`,
    [incidents, words],
  )
  await owner.query('create index on copies (led); analyze copies')
  const copied = (table: string, changes: string, join: string, more = '') =>
    owner.query(`
      insert into ${table} overriding user value
      select (jsonb_populate_record(t, jsonb_strip_nulls(jsonb_build_object(${changes})))).*
      from copies c join ${table} t on ${join} ${more}`)
  const before = (column: string) => `'${column}', t.${column} - c.earlier`
  await copied(
    'incidents',
    `'id', c.id, 'title', t.title || c.word, ${['declared_at', 'impact_started_at', 'detected_at', 'acknowledged_at', 'mitigated_at', 'resolved_at'].map(before).join(', ')}`,
    't.id = c.led',
  )
  for (const [table, times] of [
    ['incident_roles', ['since', 'until']],
    ['incident_items', ['created_at', 'closed_at']],
    ['incident_updates', ['posted_at']],
  ] as const) {
    const own = table === 'incident_roles' ? '' : `'id', gen_random_uuid(), `
    await copied(table, `${own}'incident_id', c.id, ${times.map(before).join(', ')}`, 't.incident_id = c.led')
  }
  await copied(
    'postmortems',
    `'id', c.postmortem, 'incident_id', c.id, 'title', t.title || c.word, ${['opened_at', 'due_at'].map(before).join(', ')}`,
    't.incident_id = c.led',
  )
  await owner.query(`update postmortems p set incident_number = i.number from incidents i where i.id = p.incident_id`)
  // Four of five are published, as they would be after years.
  await owner.query(
    `update postmortems set status = 'published', published_at = opened_at + interval '3 days',
       first_published_at = opened_at + interval '3 days', hash = repeat('0', 64)
     where id in (select postmortem from copies where n % 5 > 0)`,
  )
  await owner.query(
    `update incidents set status = 'reviewed', reviewed_at = resolved_at + interval '3 days'
     where id in (select incident_id from postmortems where status = 'published')`,
  )
  await owner.query(
    `insert into postmortem_sections select c.postmortem, s.section, s.body || c.word, s.version, s.updated_by, s.updated_at - c.earlier
     from copies c join postmortems p on p.incident_id = c.led join postmortem_sections s on s.postmortem_id = p.id`,
  )
  await copied(
    'corrective_actions',
    `'id', gen_random_uuid(), 'incident_id', c.id, 'postmortem_id', c.postmortem, 'title', t.title || c.word,
     'state', case when c.n % 10 = 0 then 'open' else 'proven' end, 'proven_at', t.created_at - c.earlier + interval '20 days',
     ${['due_at', 'created_at'].map(before).join(', ')}`,
    't.incident_id = c.led',
  )
  const each = Number(
    (
      await owner.query(
        `select count(*)::float8 / greatest(1, (select count(*) from copies)) as each from journal j join copies c on j.subject_id = c.led::text`,
      )
    ).rows[0].each,
  )
  // Everything once, then what people wrote, over and over, as in a long night.
  const said = Number(
    (
      await owner.query(
        `select count(*)::float8 / greatest(1, (select count(*) from copies)) as each from journal j
         join copies c on j.subject_id = c.led::text where j.type = 'incident.note-added'`,
      )
    ).rows[0].each,
  )
  const rounds = 1 + Math.max(0, Math.ceil((entries - incidents * each) / Math.max(1, incidents * said)))
  for (let round = 0; round < rounds; round += 1)
    await owner.query(
      `insert into journal (at, type, actor, subject_kind, subject_id, links, reason, data, before, after)
       select j.at - c.earlier, j.type, j.actor, j.subject_kind, c.id::text, j.links, j.reason,
         j.data || jsonb_build_object('incidentId', c.id), j.before, j.after
       from copies c join journal j on j.subject_kind = 'incident' and j.subject_id = c.led::text
       where $1::int = 0 or j.type = 'incident.note-added'`,
      [round],
    )
  await owner.query('drop table copies')
  await owner.query('vacuum analyze')
  const { rows } = await owner.query(
    `select (select count(*) from incidents)::int as incidents, (select count(*) from journal)::int as journal,
       (select count(*) from postmortems)::int as postmortems, (select count(*) from corrective_actions)::int as actions,
       (select count(*) from learnt_texts)::int as texts`,
  )
  return { ...rows[0], rounds }
}
