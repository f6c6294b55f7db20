-- The platform's own tables: clock, due work, idempotency. They know no domain.

-- The only clock that decides when something is due, in whole milliseconds as the program counts. Tests replace it to move time.
create function mainstay_now() returns timestamptz language sql stable parallel safe as 'select date_trunc(''milliseconds'', clock_timestamp())';

-- Work that is due: timers, outbox, retries. Written in the transaction of the change that asks for it.
create table due_work (
  id            bigint generated always as identity primary key,
  kind          text not null,
  -- At most one waiting row for a kind and key: a timer is moved or cancelled by its key.
  key           text,
  lane          smallint not null,
  due_at        timestamptz not null,
  payload       jsonb not null,
  attempts      integer not null default 0,
  -- The fencing token: a fresh value at each claim; every write of the worker names it.
  claim         uuid,
  claimed_until timestamptz,
  claimed_by    text,
  created_at    timestamptz not null default mainstay_now(),
  last_error    text,
  -- Set aside: will not run again by itself; shown to people.
  set_aside_at  timestamptz
);
create unique index due_work_by_key on due_work (kind, key) where key is not null and set_aside_at is null;
create index due_work_next on due_work (lane, due_at, id) where set_aside_at is null;
create index due_work_set_aside on due_work (set_aside_at) where set_aside_at is not null;
-- Rows live for seconds, so the table is vacuumed by count, not by share.
alter table due_work set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500, fillfactor = 70);

-- Answers already given to a repeated POST (Idempotency-Key), kept 24 h.
create table idempotency_keys (
  actor       text not null,
  key         text not null,
  operation   text not null,
  body_hash   text not null,
  status      integer,
  response    jsonb,
  created_at  timestamptz not null default mainstay_now(),
  primary key (actor, key)
);
create index idempotency_keys_old on idempotency_keys (created_at);
