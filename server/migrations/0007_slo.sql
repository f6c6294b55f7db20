-- Objectives as they run, what is known of each, and its past.

create table objectives (
  -- The document's name, with -2, -3, … for its further objectives.
  name          text primary key,
  document      text not null,
  service       text not null,
  display_name  text not null,
  -- Everything the engine needs, compiled from the documents; fractions exact, as texts.
  definition    jsonb not null,
  -- Documents it was compiled from, as kind/name: when one of them changes it is compiled again.
  refers_to     text[] not null default '{}',
  version       integer not null default 1,
  effective_at  timestamptz not null default mainstay_now(),
  -- The first slice that was measured: those before are not expected. Null until there is one.
  born          timestamptz
);
create index objectives_by_document on objectives (document);
create index objectives_by_service on objectives (service);
create index objectives_refers_to on objectives using gin (refers_to);

-- Each version with the day from which it holds; results name the version they were made with.
create table objective_versions (
  name          text not null,
  version       integer not null,
  definition    jsonb not null,
  effective_at  timestamptz not null,
  primary key (name, version)
);

-- The newest verdict of each objective. A fold of the slices: a new owner of the engine writes the same.
create table objective_states (
  name           text primary key,
  version        integer not null,
  as_of          timestamptz not null,
  state          text not null,
  level          text not null,
  -- Since when state and level are what they are.
  since          timestamptz not null,
  remaining      double precision,
  burn           double precision,
  -- What people read: numbers, tiers, sentence.
  view           jsonb not null,
  -- What the next verdict goes on from.
  memory         jsonb not null
) with (fillfactor = 70);
create index objective_states_by_remaining on objective_states (remaining, name);

-- The budget over time, every minute for windows of a day or less, else every five.
create table objective_points (
  name       text not null,
  at         bigint not null,
  remaining  double precision,
  burn       double precision,
  primary key (name, at)
);
create index objective_points_by_age on objective_points (at);

-- Who evaluates, and how often it was done: whoever finds a number that is not its own next one has missed something
-- and builds its sums anew from the slices.
create table slo_engine (
  one    boolean primary key default true check (one),
  owner  uuid,
  tick   bigint not null default 0
);
insert into slo_engine default values;

create table slo_registry (
  one       boolean primary key default true check (one),
  revision  bigint not null default 0
);
insert into slo_registry default values;
