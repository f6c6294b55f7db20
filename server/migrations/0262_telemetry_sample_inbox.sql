-- What a Prometheus sent and this server accepted, as it came, until one process has counted it: a request costs one row, and
-- what is remembered of its series is written once for many requests.
create table sample_inbox (
  id bigint generated always as identity primary key,
  version text not null check (version in ('1.0', '2.0')),
  samples integer not null,
  bytes integer not null,
  body bytea not null,
  at timestamptz not null default mainstay_now(),
  -- What cannot be counted holds up nothing else; it stays for a day.
  aside boolean not null default false
);
-- Bodies are compressed already. Rows live for seconds, so what they leave behind is cleared soon.
alter table sample_inbox alter column body set storage external;
alter table sample_inbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);

-- Who counts: one process at a time, and how often anybody has.
create table sample_fold (
  one boolean primary key default true check (one),
  owner text not null default '',
  turn bigint not null default 0,
  at timestamptz not null default mainstay_now()
);
insert into sample_fold default values;

-- What is remembered of series, about a thousand in one row: what was series_states for samples that a Prometheus sends.
create table series_packs (
  pack integer primary key,
  packed bytea not null
);
alter table series_packs alter column packed set storage external;
alter table series_packs set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
