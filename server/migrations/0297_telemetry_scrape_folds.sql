-- What is counted of each endpoint that is scraped: whoever scrapes it keeps its series in memory and writes only what is needed for
-- another process to go on exactly there. Tables of their own: a process of the version before knows of series_states alone.
create table scrape_folds (
  data_source text primary key,
  -- Tells one that was forgotten from the one that is there now.
  id bigint generated always as identity,
  -- Grows with each scrape that was counted.
  turn bigint not null default 0,
  -- The one that packs were written with; what moved since stands in scrape_moves.
  packed_turn bigint not null default 0,
  -- All that its sender had told by then: more of it was counted by a process of the version before.
  samples bigint not null default 0,
  -- When one of them was last seen to count.
  beside_at timestamptz,
  at timestamptz not null default mainstay_now()
);
create table scrape_packs (
  data_source text not null references scrape_folds on delete cascade,
  pack int not null,
  packed bytea not null,
  primary key (data_source, pack)
);
create table scrape_moves (
  data_source text not null references scrape_folds on delete cascade,
  turn bigint not null,
  packed bytea not null,
  primary key (data_source, turn)
);
alter table scrape_packs alter column packed set storage external;
alter table scrape_moves alter column packed set storage external;
-- Rows go soon after they came.
alter table scrape_folds set (fillfactor = 50);
alter table scrape_packs set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
alter table scrape_moves set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
