-- What happened while the database was away, written down once it was back.

-- Entries of the lifeboats' journals that are in the tables of their rooms: each is written down once.
create table lifeboat_entries (
  id         text primary key,
  landed_at  timestamptz not null default mainstay_now()
);
create index lifeboat_entries_landed on lifeboat_entries (landed_at);

-- One gap as one process saw it.
create table lifeboat_voyages (
  id            uuid primary key,
  -- The process.
  boat          text not null,
  from_at       timestamptz not null,
  to_at         timestamptz not null,
  -- When the plan was read that pages went out from; null when the process knew none.
  plan_at       timestamptz,
  signals       integer not null,
  alerts        integer not null,
  pages         integer not null,
  acknowledged  integer not null,
  recorded_at   timestamptz not null default mainstay_now()
);
create index lifeboat_voyages_by_time on lifeboat_voyages (from_at desc);
create index lifeboat_voyages_recorded on lifeboat_voyages (recorded_at desc);

-- The processes that are there, so that each knows who else would page when nobody can be asked.
create table lifeboat_boats (
  id       text primary key,
  seen_at  timestamptz not null default mainstay_now()
);
