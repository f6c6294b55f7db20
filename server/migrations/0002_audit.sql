-- The journal: append-only, sealed into a Merkle tree by a sequencer that works beside the writers, never in their way.

create table journal (
  id           bigint generated always as identity primary key,
  -- The transaction that wrote it. Ids are given before commits, so a reader that follows ids skips late commits;
  -- (xid, id) below journal_horizon() is complete for ever.
  xid          xid8 not null default pg_current_xact_id(),
  -- Whole milliseconds: what is hashed is what is stored.
  at           timestamptz(3) not null default mainstay_now(),
  type         text collate "C" not null,
  actor        jsonb not null,
  subject_kind text not null,
  subject_id   text not null,
  -- 'kind:id' of the other things it concerns.
  links        text[] not null default '{}',
  reason       text,
  data         jsonb not null,
  before       jsonb,
  after        jsonb,
  -- 244 random bits: with them the leaf is a commitment that tells nothing once the row is gone.
  salt         text not null default replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '')
);
create index journal_in_commit_order on journal (xid, id);
create index journal_by_time on journal (at, id);
create index journal_by_type on journal (type, at, id);
create index journal_by_subject on journal (subject_kind, subject_id, at, id);
create index journal_by_link on journal using gin (links);

-- Leaf n of the tree. Numbered without gaps in commit order.
create table journal_leaves (
  leaf_index bigint primary key,
  entry_id   bigint not null unique,
  hash       bytea not null check (octet_length(hash) = 32)
);

create table journal_checkpoints (
  id   bigint generated always as identity primary key,
  size bigint not null,
  root bytea not null check (octet_length(root) = 32),
  -- The signed note as a witness outside keeps it (C2SP tlog-checkpoint).
  note text not null,
  -- The key that signed it, `name+id+base64`: a later key still verifies earlier checkpoints.
  key  text not null,
  at   timestamptz(3) not null default mainstay_now()
);
create index journal_checkpoints_by_size on journal_checkpoints (size, id);

-- Where the sequencer stands: one row. It can be rebuilt from the leaves, so it is no evidence and may be updated.
create table journal_head (
  one      boolean primary key default true check (one),
  -- Names this journal in its checkpoints; a restored copy keeps it.
  origin   text not null default 'mainstay-journal/' || gen_random_uuid(),
  size     bigint not null default 0,
  -- Roots of the perfect subtrees, widest first.
  peaks    bytea[] not null default '{}',
  -- The last sealed entry in commit order.
  xid      xid8 not null default '0',
  entry_id bigint not null default 0,
  -- Entries up to this id came from another cluster by dump and restore; their xids mean nothing here.
  foreign_up_to bigint not null default 0
);
insert into journal_head default values;

-- Every transaction below this one has ended, as far as the calling statement can see, so nothing can appear below it
-- any more. Writers of other databases of the same cluster are left out: they hold xids, but cannot write here, and
-- one long load of theirs would otherwise stop the live stream.
create function journal_horizon() returns xid8 language sql stable as $$
  select coalesce(
    -- No min(): PostgreSQL 13 and 14 have none for xid8.
    (select running from pg_snapshot_xip(pg_current_snapshot()) as running
     where not exists (
       select from pg_locks held join pg_stat_activity session on session.pid = held.pid
       where held.locktype = 'transactionid' and held.mode = 'ExclusiveLock' and held.granted
         and held.transactionid = running::xid
         and session.datid <> (select oid from pg_database where datname = current_database()))
     order by running limit 1),
    pg_snapshot_xmax(pg_current_snapshot()))
$$;

create function journal_refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end $$;

-- For every role, the owner and replication included. Statement triggers also refuse what would touch no row.
create trigger append_only before update or delete or truncate on journal
  for each statement execute function journal_refuse_change();
create trigger append_only before update or delete or truncate on journal_leaves
  for each statement execute function journal_refuse_change();
create trigger append_only before update or delete or truncate on journal_checkpoints
  for each statement execute function journal_refuse_change();
alter table journal enable always trigger append_only;
alter table journal_leaves enable always trigger append_only;
alter table journal_checkpoints enable always trigger append_only;
