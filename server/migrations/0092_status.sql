-- Status pages: what a person published, and who wants to hear of it. The pages themselves are declared objects.

-- An incident or a maintenance as outsiders see it.
create table status_posts (
  id           uuid primary key,
  page         text not null,
  kind         text not null check (kind in ('incident', 'maintenance')),
  title        text not null,
  -- The incident it was published from, by id; null for maintenance and for what only customers see.
  incident_id  text,
  state        text not null,
  -- Of a maintenance: the plan.
  starts_at    timestamptz,
  ends_at      timestamptz,
  -- Component → impact, as the newest update says.
  impacts      jsonb not null,
  opened_at    timestamptz not null default mainstay_now(),
  closed_at    timestamptz,
  created_by   text not null,
  version      integer not null default 1
);
create index status_posts_by_page on status_posts (page, opened_at desc, id desc);
create index status_posts_open on status_posts (page) where closed_at is null;
create index status_posts_by_incident on status_posts (incident_id) where incident_id is not null;

create table status_updates (
  id       uuid primary key,
  post_id  uuid not null references status_posts (id),
  number   integer not null,
  at       timestamptz not null default mainstay_now(),
  state    text not null,
  body     text not null,
  impacts  jsonb not null,
  author   text not null,
  unique (post_id, number)
);

create table status_subscribers (
  id            uuid primary key,
  page          text not null,
  -- Sealed.
  email         text not null,
  -- SHA-256 of page and address: the same address is one subscriber.
  fingerprint   text not null,
  requested_at  timestamptz not null default mainstay_now(),
  -- Nothing but the one question is sent before this.
  confirmed_at  timestamptz,
  -- The row stays: an address that left is not asked back in by a second form.
  ended_at      timestamptz,
  unique (page, fingerprint)
);
create index status_subscribers_heard on status_subscribers (page, id) where confirmed_at is not null and ended_at is null;

create table status_mails (
  id             uuid primary key,
  subscriber_id  uuid not null references status_subscribers (id),
  -- Null for the question whether the address wants to subscribe.
  update_id      uuid references status_updates (id),
  state          text not null default 'waiting' check (state in ('waiting', 'sent', 'failed', 'dropped')),
  attempts       integer not null default 0,
  outcome        text,
  created_at     timestamptz not null default mainstay_now(),
  ended_at       timestamptz,
  unique (update_id, subscriber_id)
);
create index status_mails_by_subscriber on status_mails (subscriber_id, created_at desc);

-- Counted up by every change: processes look at one number to know that their copy of the pages is old.
create table status_revision (
  id        smallint primary key check (id = 1),
  revision  bigint not null
);
insert into status_revision (id, revision) values (1, 0);
