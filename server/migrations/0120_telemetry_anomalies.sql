-- What is unusual for a service: what each series is known for, what was found, and who asked to be told of it.

create table anomaly_series (
  service    text not null,
  signal     text not null check (signal in ('traffic', 'errors', 'latency')),
  -- The objective whose counts it is read from; empty: the service's golden signals.
  objective  text not null,
  -- Read up to here, milliseconds since 1970. Whoever writes states this, so that no step is folded twice.
  fed_until  bigint not null,
  -- The last step that was measured.
  last_at    bigint,
  points     bigint not null default 0,
  -- The hours it was learnt by.
  time_zone  text not null default 'UTC',
  -- The detector's state as JSON, about 4 kB; null: nothing is known yet. Never looked into by SQL.
  state      text,
  primary key (service, signal, objective)
) with (fillfactor = 70);
create index anomaly_series_by_feed on anomaly_series (fed_until desc);

create table anomalies (
  id           uuid primary key,
  service      text not null,
  signal       text not null,
  objective    text not null,
  began_at     timestamptz not null,
  found_at     timestamptz not null default mainstay_now(),
  ended_at     timestamptz,
  ended_because text check (ended_because in ('back', 'learnt', 'unmeasured', 'gone')),
  value        double precision not null,
  usual        double precision not null,
  score        double precision not null,
  sentence     text not null,
  -- It was sent through the door of alerts, and its end must be.
  alerted      boolean not null default false
);
create unique index anomalies_open on anomalies (service, signal, objective) where ended_at is null;
create index anomalies_by_time on anomalies (began_at desc, id desc);
create index anomalies_by_service on anomalies (service, began_at desc, id desc);

create table anomaly_watches (
  name         text primary key,
  service      text not null,
  mode         text not null check (mode in ('alert', 'hint', 'off')),
  sensitivity  text not null check (sensitivity in ('hint', 'eager')),
  severity     text not null check (severity in ('info', 'warning')),
  signals      text[] not null,
  time_zone    text not null
);
create index anomaly_watches_by_service on anomaly_watches (service, name);
