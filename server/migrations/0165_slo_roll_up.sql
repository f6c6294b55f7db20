-- The roll-up: each day (UTC) of an objective as 96 quarter hours of whole numbers, for reports over months, quarters and
-- years. Some 300 bytes a day; slices go after some weeks.
create table objective_days (
  objective  text not null,
  day        date not null,
  -- What spends and how long slices are: days that were counted by another rule are not added up as if they were alike.
  rule       text not null,
  -- What exclusions and corrections were laid over it, in numbers of slices.
  covered    text not null default '',
  -- Quarter hours that an exclusion cut in two when their slices were gone.
  coarse     integer not null default 0,
  -- Packed columns: as measured, and with what is excluded; null when nothing is.
  cells      bytea not null,
  counted    bytea,
  rolled_at  timestamptz not null default mainstay_now(),
  primary key (objective, day)
);
create index objective_days_by_day on objective_days (day, objective);

-- Finished days that late counts have changed since they were rolled.
create table objective_day_marks (
  objective  text not null,
  day        date not null,
  changes    integer not null default 1,
  primary key (objective, day)
);

-- One row: the declarations (`slo_registry`) that every kept day was last compared with.
create table objective_days_compared (
  one       boolean primary key default true check (one),
  revision  bigint not null
);
