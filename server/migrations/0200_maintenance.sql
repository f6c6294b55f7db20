-- Maintenance: what is declared, and each time it takes place.

create table maintenance_windows (
  name         text primary key,
  title        text not null,
  reason       text not null,
  team         text,
  -- As named; whom else they cover is looked up in the graph.
  services     text[] not null,
  dependants   text not null check (dependants in ('none', 'hard', 'all')),
  budget       text not null check (budget in ('drop', 'good', 'count')),
  -- Rule, wall time of the first, zone, length.
  recurrence   jsonb not null,
  -- What customers are told; null when nothing.
  announce     jsonb,
  declared_by  text not null,
  -- When it is planned ahead again.
  turn_at      timestamptz not null
);
create index maintenance_windows_due on maintenance_windows (turn_at);

-- A time it takes place. Rows of what has begun stay when the declaration changes or goes.
create table maintenance_occurrences (
  id               uuid primary key default gen_random_uuid(),
  window_name      text not null,
  planned_at       timestamptz not null,
  starts_at        timestamptz not null,
  ends_at          timestamptz not null,
  title            text not null,
  reason           text not null,
  team             text,
  declared_by      text not null,
  announce         jsonb,
  services         text[] not null,
  budget           text not null check (budget in ('drop', 'good', 'count')),
  -- From when services and budget hold, and what held before it was changed under way.
  cover_from       timestamptz not null,
  earlier          jsonb not null default '[]',
  announced_at     timestamptz,
  began_at         timestamptz,
  over_at          timestamptz,
  cancelled_at     timestamptz,
  -- Null while what was last changed has not been told.
  told_at          timestamptz,
  changed_by       text,
  changed_because  text
);
create index maintenance_occurrences_by_window on maintenance_occurrences (window_name, planned_at);
create index maintenance_occurrences_by_time on maintenance_occurrences (starts_at, id);
create index maintenance_occurrences_open on maintenance_occurrences (ends_at) where cancelled_at is null;
create index maintenance_occurrences_unsettled on maintenance_occurrences (starts_at) where over_at is null and cancelled_at is null;
create index maintenance_occurrences_untold on maintenance_occurrences (id) where told_at is null;

-- Counted up by every change of what is covered: whoever excludes it looks at one number.
create table maintenance_revision (
  id        smallint primary key check (id = 1),
  revision  bigint not null
);
insert into maintenance_revision (id, revision) values (1, 0);
