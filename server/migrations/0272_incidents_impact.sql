-- Who was hurt, beside services and times: how many people, where, which customers. Null: nobody counted.
alter table incidents add column people_affected bigint check (people_affected >= 0);
alter table incidents add column impact_regions text[] not null default '{}';
alter table incidents add column impact_customers text[] not null default '{}';
-- The first word to anybody who is not in the room: an update, or a post on a status page.
alter table incidents add column first_told_at timestamptz;
update incidents set first_told_at = told.at
from (
  select incident_id, min(at) as at from (
    select incident_id::text, posted_at as at from incident_updates where audience <> 'responders'
    union all
    select incident_id, opened_at from status_posts where incident_id is not null
  ) said group by incident_id
) told
where told.incident_id = incidents.id::text;
