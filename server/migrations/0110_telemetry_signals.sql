-- Golden signals: traffic, errors, latency and saturation of each service, by the minute and by the hour.

-- Every service that ever told of itself, declared or not.
create table signal_services (
  service        text primary key,
  -- Listened to since: a series that began later is counted from its beginning.
  first_at       bigint not null,
  -- The end of what was last told, of anything and of each signal; null: never.
  last_at        bigint not null,
  traffic_at     bigint,
  errors_at      bigint,
  latency_at     bigint,
  saturation_at  bigint,
  -- What was left out: kind -> {count, lastAt, example}.
  findings       jsonb not null default '{}'
);

-- The last reading of each series of a sender, in one row: written with the counts it led to, so that a batch that is
-- sent twice, or read by two processes, counts once.
create table signal_senders (
  name     text primary key,
  service  text not null,
  kind     text not null,
  version  bigint not null default 0,
  series   integer not null default 0,
  state    text not null,
  last_at  timestamptz not null default mainstay_now()
) with (fillfactor = 70);
create index signal_senders_by_service on signal_senders (service) include (series);
create index signal_senders_by_age on signal_senders (last_at);

-- A null is what nobody told, and never a zero. Latency is a text of buckets that can be added up.
create table signal_minutes (
  service       text not null,
  minute_start  bigint not null,
  traffic       bigint,
  -- Of the traffic, what says how it ended, and what of that failed.
  judged        bigint not null default 0,
  errors        bigint not null default 0,
  latency       text,
  -- cpu, memory, loop, pool: the highest told, 1 is full.
  saturation    jsonb not null default '{}',
  primary key (service, minute_start)
) with (fillfactor = 80);

-- The same of whole hours, written with the minutes and kept longer.
create table signal_hours (
  service     text not null,
  hour_start  bigint not null,
  traffic     bigint,
  judged      bigint not null default 0,
  errors      bigint not null default 0,
  latency     text,
  saturation  jsonb not null default '{}',
  -- Minutes of it in which traffic was told.
  measured    integer not null default 0,
  -- About what its minutes take on disk.
  octets      bigint not null default 0,
  primary key (service, hour_start)
) with (fillfactor = 70);

-- What a service sent in a day. Also says of which days there are minutes, for those that remove them.
create table service_usage (
  service    text not null,
  day_start  timestamptz not null,
  samples    bigint not null default 0,
  series     bigint not null default 0,
  -- By metric: samples, a sketch of how many series, unit, kind, findings.
  metrics    text,
  -- Its minutes are still there.
  minutes    boolean not null default true,
  primary key (service, day_start)
);
create index service_usage_by_day on service_usage (day_start, service);
