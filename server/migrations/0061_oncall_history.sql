-- Who was on call, kept as it was: the past is never computed again from a definition that changed since.

create table schedule_history (
  schedule   text not null,
  person     text not null,
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  -- Where the shift came from: rotation and turn, custom shift, or override.
  source     jsonb not null,
  check (starts_at < ends_at)
);
create index schedule_history_by_time on schedule_history (schedule, ends_at);

-- Kept from `since` up to `until`; before `since` nothing is known.
create table schedule_history_marks (
  schedule  text primary key,
  since     timestamptz not null,
  until     timestamptz not null
);
