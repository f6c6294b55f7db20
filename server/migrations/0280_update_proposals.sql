-- Updates that a second person looks at before anybody is told: the policy names the audiences.
create table incident_update_proposals (
  incident_id     uuid not null references incidents (id) on delete cascade,
  number          integer not null,
  audience        text not null,
  customer        text,
  text            text not null,
  -- When the next update is promised: as the severity says, or as it was said here; null promises none.
  next_is_said    boolean not null,
  next_in_ms      bigint,
  proposed_by     text not null,
  -- Of the account or key: names may change between the two looks.
  proposed_by_id  text not null,
  proposed_at     timestamptz not null default mainstay_now(),
  decided_by      text,
  decided_at      timestamptz,
  because         text,
  -- The update it became; null while it waits, and for what was declined.
  update_number   integer,
  primary key (incident_id, number)
);
alter table incident_updates add column approved_by text;
