-- Chat, phone and push channels beside mail, web push and webhooks.

alter table contacts drop constraint contacts_kind_check;
alter table contacts add constraint contacts_kind_check check (kind in
  ('webpush', 'telegram', 'ntfy', 'sms', 'voice', 'slack', 'teams', 'mattermost', 'discord', 'email', 'webhook')) not valid;
alter table contacts validate constraint contacts_kind_check;

-- What the installation as a whole holds at a provider: one bot, one telephone account.
create table channel_connections (
  kind        text primary key check (kind in ('slack', 'telegram', 'mattermost', 'twilio')),
  -- Sealed JSON with tokens. Never leaves the server again.
  settings    text not null,
  -- The part of it that is no secret, for people to see.
  shown       jsonb not null,
  updated_by  text not null,
  updated_at  timestamptz not null default mainstay_now()
);

-- A message that can be answered or changed at its provider. The row is there before the message leaves, so that an
-- answer that overtakes our own record of the sending is understood.
create table channel_messages (
  -- Short name of the delivery for buttons and callbacks; derived from its key.
  handle         text primary key,
  key            text not null unique references deliveries (key) on delete cascade,
  contact        text not null,
  -- What the provider calls it; null when it cannot be changed.
  ref            jsonb,
  seen_at        timestamptz,
  -- What became of it after the provider took it: delivered, undelivered, busy, …
  fate           text,
  -- The newest sentence it should show, and the one it does.
  wanted         text,
  written        text,
  edit_attempts  integer not null default 0,
  edit_outcome   text,
  edit_because   text,
  created_at     timestamptz not null default mainstay_now()
);
create index channel_messages_by_contact on channel_messages (contact, created_at desc);

-- The provider's own words for every attempt, accepted or not.
alter table delivery_attempts add column answer text;
