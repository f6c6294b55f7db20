-- Intake: those who send us alarms, what they carried lately, and what of it could not be understood.
create table intake_sources (
  name           text primary key,
  format         text not null,
  -- As declared.
  definition     jsonb not null,
  team           text,
  declared_at    timestamptz not null default mainstay_now(),
  -- The newest delivery that proved who sent it, and the newest that counts as a sign of life.
  received_at    timestamptz,
  beat_at        timestamptz,
  -- Since when its silence is an alert; null while it speaks.
  silent_since   timestamptz
);

-- SHA-256 only. Two may live at once: the new one, and the former until it ends.
create table intake_tokens (
  id           uuid primary key,
  source       text not null references intake_sources (name) on delete cascade,
  secret_hash  bytea not null unique,
  last4        text not null,
  created_by   text not null,
  created_at   timestamptz not null default mainstay_now(),
  -- Null: until it is replaced or revoked.
  expires_at   timestamptz,
  used_at      timestamptz
);
create index intake_tokens_by_source on intake_tokens (source, created_at desc);

-- What signs the deliveries of a source. Sealed, because a signature is checked with the secret itself.
create table intake_secrets (
  id          uuid primary key,
  source      text not null references intake_sources (name) on delete cascade,
  sealed      text not null,
  created_by  text not null,
  created_at  timestamptz not null default mainstay_now(),
  expires_at  timestamptz
);
create index intake_secrets_by_source on intake_secrets (source, created_at desc);

-- Counts by minute, for the rates people see. Kept two days.
create table intake_minutes (
  source      text not null references intake_sources (name) on delete cascade,
  minute      timestamptz not null,
  deliveries  integer not null default 0,
  signals     integer not null default 0,
  -- Repeats that were only counted because the source sent more than it may.
  counted     integer not null default 0,
  orphans     integer not null default 0,
  -- Turned away: a wrong token or signature, too old, seen before.
  refused     integer not null default 0,
  primary key (source, minute)
);

-- The newest payloads of each source, for people who connect it or mend its mapping. Ten each.
create table intake_samples (
  id           bigint generated always as identity primary key,
  source       text not null references intake_sources (name) on delete cascade,
  received_at  timestamptz not null,
  outcome      text not null,
  body         text not null
);
create index intake_samples_by_source on intake_samples (source, id desc);

-- What a sender said that could not be understood: kept, shown and tried again once the mapping is mended.
create table intake_orphans (
  id           uuid primary key,
  -- By name only: what a source sent outlives its declaration.
  source       text not null,
  digest       bytea not null,
  because      text not null,
  headers      jsonb not null,
  body         text not null,
  -- The body was longer than is kept, so it can be read and not tried again.
  cut          boolean not null,
  times        integer not null default 1,
  received_at  timestamptz not null default mainstay_now(),
  last_at      timestamptz not null default mainstay_now(),
  settled_at   timestamptz,
  settled_by   text,
  -- How it ended: understood, dismissed, or pushed out by newer ones.
  settled      text check (settled in ('understood', 'dismissed', 'displaced'))
);
create unique index intake_orphans_same on intake_orphans (source, digest) where settled_at is null;
create index intake_orphans_open on intake_orphans (source, last_at desc) where settled_at is null;
create index intake_orphans_settled on intake_orphans (settled_at) where settled_at is not null;

-- Ids of signed deliveries, so that a recorded one cannot be played again.
create table intake_seen (
  source  text not null references intake_sources (name) on delete cascade,
  id      text not null,
  at      timestamptz not null default mainstay_now(),
  primary key (source, id)
);
create index intake_seen_by_time on intake_seen (at);
