-- Grouped objectives: each group (a tenant, a route, a region) of a stream is counted as a stream of its own, whose
-- sides are added in the same transaction as those of the stream it belongs to. So the sums of the groups are the sums of
-- the whole, and slices, packing and retention are those of every other stream.
alter table telemetry_streams
  -- What the slices are told apart by: {by: [attribute], most: groups}. Null when they are not.
  add column grouping jsonb,
  -- Groups are counted since then; null when they always were.
  add column grouped_since timestamptz,
  -- Of a group: the stream it is a part of, and the values it has, in the order of `by`. Null values: all that found no
  -- group of its own.
  add column parent integer,
  add column group_values text[];
create index telemetry_streams_groups on telemetry_streams (parent) where parent is not null;

-- How many different values share the group of all others: a sketch of fixed size, never the values.
create table stream_overflow (
  stream    integer primary key,
  sketch    bytea not null,
  first_at  timestamptz not null default mainstay_now(),
  last_at   timestamptz not null default mainstay_now()
);
