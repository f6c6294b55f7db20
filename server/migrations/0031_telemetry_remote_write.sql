-- Samples that a Prometheus sends (remote write) and that we fetch (scrape) are counted like those of OTLP.
alter table telemetry_streams drop constraint telemetry_streams_kind_check;
alter table telemetry_streams add constraint telemetry_streams_kind_check
  check (kind in ('otlp', 'prometheus', 'push', 'probe', 'remote-write', 'scrape'));

-- The first reading of a series: a target that told before without a series shows that the series began since. Null: not known.
alter table series_states add column first_at bigint;
create index series_states_by_target on series_states (target, stream) where target is not null;

-- Of two Prometheus servers that send the same, the one that is listened to.
create table telemetry_replicas (
  cluster  text primary key,
  replica  text not null,
  last_at  timestamptz not null
);
