-- Commanding an incident: kinds, restricted readers, review, hand-overs that must be accepted, cadence of updates.
alter table incidents add column kind text not null default 'normal'
  check (kind in ('normal', 'security', 'drill', 'backfilled'));
-- Who may read a security incident: `person:ana`, `team:shop-web`, `account:<id>`. Administrators always may.
alter table incidents add column readers text[] not null default '{}';
alter table incidents add column reviewed_at timestamptz;
alter table incidents add column parent_id uuid references incidents (id) on delete set null;
alter table incidents add column merged_into uuid references incidents (id) on delete set null;
alter table incidents add column impact_statement text;
-- When the next update is promised; null while nobody waits for one.
alter table incidents add column next_update_at timestamptz;
alter table incidents drop constraint incidents_status_check;
alter table incidents add constraint incidents_status_check
  check (status in ('triage', 'active', 'mitigated', 'resolved', 'reviewed'));
create index incidents_restricted on incidents (id) where kind = 'security';
create index incidents_by_parent on incidents (parent_id) where parent_id is not null;

-- A role offered to somebody who has not accepted it yet. Until then the holder keeps it.
create table incident_role_offers (
  incident_id  uuid not null references incidents (id) on delete cascade,
  role         text not null,
  person       text not null,
  offered_by   text not null,
  offered_at   timestamptz not null,
  primary key (incident_id, role)
);
