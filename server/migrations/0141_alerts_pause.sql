-- Whether it kept beginning and ending when it began.
alter table alerts add column flapping boolean not null default false;
-- How long its service lets an alert wait that usually heals by itself; null tells people at once. `paused`: it waits so,
-- until `due_at`, and is told then.
alter table alert_turns add column pause_ms integer, add column paused boolean not null default false;
