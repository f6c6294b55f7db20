-- Planned work that is led like an incident: when it begins and ends, and the maintenance it follows.
alter table incidents add column planned_start timestamptz;
alter table incidents add column planned_end timestamptz;
-- No foreign key: what is over is forgotten by each room at its own time.
alter table incidents add column maintenance_id uuid;
alter table incidents drop constraint incidents_kind_check;
alter table incidents add constraint incidents_kind_check check (kind in ('normal', 'security', 'drill', 'backfilled', 'scheduled'));
alter table incidents drop constraint incidents_status_check;
alter table incidents add constraint incidents_status_check check (status in ('planned', 'triage', 'active', 'mitigated', 'resolved', 'reviewed'));
alter table incidents add constraint incidents_plan_check check (kind <> 'scheduled' or (planned_start is not null and planned_end is not null and planned_start < planned_end));
-- One room for each time a maintenance takes place.
create unique index incidents_of_maintenance on incidents (maintenance_id) where kind = 'scheduled' and status in ('planned', 'active');
-- Somebody leads it in a room of its own: then it keeps its name when it is planned anew, and changes are told.
alter table maintenance_occurrences add column led boolean not null default false;
