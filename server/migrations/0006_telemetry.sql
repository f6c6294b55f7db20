-- What is counted, where it comes from, and the counts themselves.

-- One stream for each objective: the room slo registers it with what to look for. A changed slice length begins a new
-- stream, because slices of two lengths cannot be added.
create table telemetry_streams (
  key         integer generated always as identity primary key,
  id          text not null,
  -- Groups streams that count the same indicator; the push API takes it for all of them.
  indicator   text,
  kind        text not null check (kind in ('otlp', 'prometheus', 'push', 'probe')),
  slice_ms    integer not null check (slice_ms >= 1000),
  -- Slices are kept this long: the longest window that reads them, and a margin.
  keep_ms     bigint not null,
  source      jsonb not null,
  -- Counting began here: a series that started later is new, not merely new to us.
  since       timestamptz not null default mainstay_now(),
  retired_at  timestamptz
);
create unique index telemetry_streams_current on telemetry_streams (id) where retired_at is null;
create index telemetry_streams_by_indicator on telemetry_streams (indicator) where retired_at is null;

-- Counts how often streams changed, so that a process knows whether what it compiled still holds.
create table telemetry_registry (
  one       boolean primary key default true check (one),
  revision  bigint not null default 0
);
insert into telemetry_registry default values;

-- A row means: this stretch was measured, even when all is 0. No row means: not known. Sides are kept as they came
-- (good, bad, total) and good and bad are derived, so that a side that comes late yields an exact correction.
-- slice_start is milliseconds since 1970: read by the hundred thousand, where parsing a timestamp costs more than the row.
create table slices (
  stream       integer not null,
  slice_start  bigint not null,
  good         bigint not null default 0,
  bad          bigint not null default 0,
  total        bigint not null default 0,
  -- Changed after its time by late data or a correction.
  corrected    boolean not null default false,
  primary key (stream, slice_start)
) with (fillfactor = 80);

-- Hour sums for reports, long after the slices are gone.
create table slice_hours (
  stream      integer not null,
  hour_start  bigint not null,
  good        bigint not null,
  bad         bigint not null,
  total       bigint not null,
  -- Slices of the hour that were measured.
  measured    integer not null,
  primary key (stream, hour_start)
);

-- What the engine has not looked at yet: one row for each transaction that counted, removed when it is read.
create table slice_changes (
  id       bigint generated always as identity primary key,
  streams  integer[] not null,
  starts   bigint[] not null,
  at       timestamptz not null default mainstay_now()
);
alter table slice_changes set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);

-- Who sends: a process (OTLP), a Prometheus server, an API key (push), a probe.
create table telemetry_sources (
  key        integer generated always as identity primary key,
  name       text not null unique,
  kind       text not null,
  first_at   timestamptz not null,
  last_at    timestamptz not null,
  -- Since it is known.
  samples    bigint not null default 0,
  matched    bigint not null default 0,
  -- kind of finding -> {count, lastAt, example}.
  findings   jsonb not null default '{}'
);
create index telemetry_sources_by_age on telemetry_sources (last_at);

-- Which source feeds which stream, and how far it has told: the watermark of the stream.
create table stream_feeds (
  stream   integer not null,
  source   integer not null,
  last_at  bigint not null,
  primary key (stream, source)
);
create index stream_feeds_by_source on stream_feeds (source);

-- The last readings of each series, written with the counts they led to: replaying a batch changes nothing.
create table series_states (
  stream   integer not null,
  -- First 16 bytes of the SHA-256 of the series' name and attributes.
  series   uuid not null,
  source   integer not null,
  -- job and instance of a Prometheus series: a new series of a known target began at 0.
  target   text,
  state    jsonb not null,
  last_at  bigint not null,
  primary key (stream, series)
) with (fillfactor = 70);
create index series_states_by_age on series_states (last_at);

-- Batches of the push API by their id, kept two days.
create table pushed_batches (
  source    text not null,
  batch_id  text not null,
  -- The same id with another content is refused.
  content   text not null,
  at        timestamptz not null default mainstay_now(),
  primary key (source, batch_id)
);
create index pushed_batches_by_age on pushed_batches (at);

-- How far each stream of a Prometheus server was read.
create table prometheus_reads (
  stream      integer primary key,
  read_until  bigint not null
);

create table probes (
  name        text primary key,
  service     text,
  every_ms    integer not null,
  check_spec  jsonb not null,
  revision    integer not null default 0,
  last_at     timestamptz,
  last_good   boolean,
  last_reason text,
  last_ms     integer
);

-- Evidence of each check: the newest 1,000 of each probe, at most 14 days.
create table probe_results (
  id         bigint generated always as identity primary key,
  probe      text not null,
  at         timestamptz not null,
  good       boolean not null,
  status     integer,
  total_ms   integer not null,
  reason     text not null
);
create index probe_results_by_probe on probe_results (probe, id desc);
