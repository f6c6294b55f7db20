-- How people are reached, and every message that was or was not sent to them.

-- Ways to reach a person. The e-mail address of the catalog is a contact too; it has no row here.
create table contacts (
  id                text primary key,
  -- A Person of the catalog, by name.
  person            text not null,
  kind              text not null check (kind in ('webpush', 'email', 'webhook')),
  label             text not null,
  -- Sealed: an address, a push subscription or a URL with its secret. Never leaves the server again.
  address           text not null,
  -- SHA-256 of kind and address, so that the same one is not added twice.
  fingerprint       text not null,
  verified_at       timestamptz,
  -- Of the code that was sent to it; five wrong guesses end it.
  code_hash         text,
  code_expires_at   timestamptz,
  code_guesses      smallint not null default 0,
  -- The receiver said for good that it is gone.
  disabled_at       timestamptz,
  disabled_because  text,
  created_at        timestamptz not null default mainstay_now(),
  unique (person, kind, fingerprint)
);

create table notification_rules (
  person      text primary key,
  high        jsonb not null,
  low         jsonb not null,
  version     integer not null default 1,
  updated_at  timestamptz not null default mainstay_now()
);

-- Pages of one person that came too fast to be told one by one.
create table bundles (
  id          uuid primary key,
  person      text not null,
  -- What may wait until morning is never collected with what may not.
  urgency     text not null,
  due_at      timestamptz not null,
  -- Set by the first send: who comes later opens another one.
  closed_at   timestamptz,
  created_at  timestamptz not null default mainstay_now()
);
create index bundles_open on bundles (person) where closed_at is null;

-- One row for each page to one person, whether told alone or in a bundle.
create table page_notices (
  page_id     uuid primary key,
  alert_id    uuid not null,
  person      text not null,
  severity    text not null,
  facts       jsonb not null,
  bundle_id   uuid references bundles (id),
  created_at  timestamptz not null default mainstay_now(),
  -- Acknowledged, resolved or passed on: nothing more is sent for it.
  stopped     text
);
create index page_notices_by_person on page_notices (person, created_at desc);
create index page_notices_by_alert on page_notices (alert_id);
create index page_notices_by_bundle on page_notices (bundle_id) where bundle_id is not null;

-- One message to one contact. The key is the same for every attempt.
create table deliveries (
  key               text primary key,
  purpose           text not null check (purpose in ('page', 'bundle', 'ended', 'on-call', 'test', 'verify')),
  -- The page, the bundle, or the occasion of any other message.
  page_id           uuid not null,
  alert_id          uuid,
  service           text,
  step              integer not null,
  plan_order        integer not null,
  person            text not null,
  contact           text not null,
  kind              text not null,
  urgency           text not null check (urgency in ('high', 'low')),
  because           text not null,
  -- What the text is made of at the moment of sending.
  content           jsonb not null,
  zone              text not null,
  -- The personal plan this belongs to, for the next channel when this one fails.
  plan              jsonb not null default '[]',
  phase             text not null check (phase in ('pending', 'sending', 'sent', 'failed', 'unknown', 'cancelled')),
  -- When it is to be looked at again: the next attempt, or the end of a lease.
  due_at            timestamptz,
  ended_at          timestamptz,
  ended_because     text,
  receipt           text,
  attempts          integer not null default 0,
  first_attempt_at  timestamptz,
  copies            integer not null default 0,
  stopped           text,
  created_at        timestamptz not null default mainstay_now()
);
create index deliveries_by_page on deliveries (page_id, person);
create index deliveries_by_alert on deliveries (alert_id) where alert_id is not null;
create index deliveries_by_person on deliveries (person, created_at desc, key desc);
create index deliveries_by_time on deliveries (created_at desc, key desc);
create index deliveries_open on deliveries (due_at) where phase in ('pending', 'sending');

-- Every attempt is on record, also the one whose process died.
create table delivery_attempts (
  key         text not null references deliveries (key),
  attempt     integer not null,
  started_at  timestamptz not null default mainstay_now(),
  ended_at    timestamptz,
  -- accepted, refused, rejected, lost, stopped; null while it is under way or when its process is gone.
  outcome     text,
  because     text,
  primary key (key, attempt)
);

-- The installation's own key for web push (RFC 8292); the private half is sealed.
create table push_keys (
  id           smallint primary key check (id = 1),
  public_key   text not null,
  private_key  text not null,
  created_at   timestamptz not null default mainstay_now()
);
