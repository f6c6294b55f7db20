-- Whether pages keep to group_wait, group_interval and repeat_interval of the file. One that was taken over before pages
-- could goes on as it did; whoever takes a file over says it anew.
alter table alert_routing add column timing text not null default 'at-once' check (timing in ('as-written', 'no-interval', 'at-once')),
  add column critical_at_once boolean not null default false;

-- A group of a route of the file that decides now: when its people are told next, and when they were last.
create table route_groups (
  id           uuid primary key,
  -- Of route and group labels; labels are too long for an index.
  digest       bytea not null unique,
  -- Of the file, and of the route in it.
  version      integer not null,
  line         integer not null,
  name         text not null,
  created_at   timestamptz not null default mainstay_now(),
  flush_at     timestamptz not null,
  flushed      boolean not null default false,
  -- Null while nobody was told anything.
  told_at      timestamptz
);
create index route_groups_due on route_groups (flush_at);

create table route_group_members (
  group_id  uuid not null references route_groups (id) on delete cascade,
  alert_id  uuid not null references alerts (id) on delete cascade,
  -- Its people were told, by this group or another one.
  told      boolean not null default false,
  -- How long its service lets it wait when it usually heals by itself.
  pause_ms  integer,
  primary key (group_id, alert_id)
);
create index route_group_members_alert on route_group_members (alert_id);
