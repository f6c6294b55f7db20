-- A proposed update that whoever proposed it took back is told as such, and not as declined.
alter table incident_update_proposals add column withdrawn boolean not null default false;
update incident_update_proposals set withdrawn = true
where decided_at is not null and update_number is null and decided_by = proposed_by;
