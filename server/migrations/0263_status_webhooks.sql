-- Subscribers of status pages by webhook beside those by mail, and for some components only.
alter table status_subscribers
  -- `email` holds the sealed address of a mailbox, or the sealed URL and secret of a webhook.
  add column channel       text not null default 'email' check (channel in ('email', 'webhook')),
  -- What may be shown of the address: `a…@example.org`, the host of a webhook.
  add column label         text,
  -- Null hears of everything.
  add column components    text[],
  -- What the question that is out asks for: it holds only after the answer.
  add column wanted        jsonb,
  -- Nothing was taken since; paused when that lasts too long.
  add column failing_since timestamptz,
  add column failed_because text,
  add column paused_at     timestamptz;
create index status_subscribers_by_label on status_subscribers (page, label) where channel = 'webhook';
