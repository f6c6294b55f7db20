-- Webhooks that policies name: their declared address beside the secrets that sign, sealed.
create table webhooks (
  name          text primary key,
  url           text not null,
  team          text,
  secret        text not null,
  secret_at     timestamptz not null default mainstay_now(),
  -- Null: made with the webhook, and nobody has read it.
  secret_by     text,
  -- The one before signs as well until then, so that a receiver can change over.
  former        text,
  former_until  timestamptz
);

-- A message goes to a person, or to a webhook. What was written before satisfies it.
alter table deliveries alter column person drop not null;
alter table deliveries add column webhook text;
alter table deliveries add constraint deliveries_receiver_check check ((person is null) <> (webhook is null)) not valid;
create index deliveries_by_webhook on deliveries (webhook, created_at desc, key desc) where webhook is not null;

-- What became of a page is a message of its own to whom no message can be edited.
alter table deliveries drop constraint deliveries_purpose_check;
alter table deliveries add constraint deliveries_purpose_check
  check (purpose in ('page', 'bundle', 'changed', 'ended', 'on-call', 'reminder', 'test', 'verify')) not valid;
