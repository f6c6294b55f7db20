-- Old rows go in rounds of small batches. One row says how far the round under way is; each batch moves it in the very
-- transaction that removes, so an interrupted round goes on where it stopped and its counts are exact.
create table retention_round (
  one          boolean primary key default true check (one),
  number       bigint not null default 0,
  started_at   timestamptz,
  finished_at  timestamptz,
  -- By rule: where to go on, how many rows were removed, how many were kept because something refers to them.
  progress     jsonb not null default '{}',
  -- The same of the last finished round, for people.
  last         jsonb
);
insert into retention_round (one) values (true);

-- Somebody said that nothing about this may be removed, whatever its age: a lawsuit, an audit, an investigation.
create table legal_holds (
  id          uuid primary key,
  kind        text not null check (kind in ('everything', 'service', 'incident', 'person')),
  -- A name, or the id of an incident; empty for everything.
  about       text not null,
  label       text not null,
  reason      text not null,
  placed_by   text not null,
  placed_at   timestamptz not null default mainstay_now(),
  lifted_by   text,
  lifted_at   timestamptz
);
create unique index legal_holds_in_force on legal_holds (kind, about) where lifted_at is null;
