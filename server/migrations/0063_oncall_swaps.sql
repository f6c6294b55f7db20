-- "Can somebody take my shift?": asked, answered, and carried out as an override.

create table swap_requests (
  id             uuid primary key,
  schedule       text not null,
  asker          text not null,
  starts_at      timestamptz not null,
  ends_at        timestamptz not null,
  -- Null asks everybody.
  candidate      text,
  -- A shift of the candidate's that the asker takes in return.
  back_starts_at timestamptz,
  back_ends_at   timestamptz,
  reason         text not null,
  state          text not null check (state in ('open', 'accepted', 'declined', 'withdrawn')),
  answered_by    text,
  answered_at    timestamptz,
  note           text,
  created_at     timestamptz not null default mainstay_now(),
  check (starts_at < ends_at),
  check (back_starts_at is null or back_starts_at < back_ends_at)
);
create index swap_requests_open on swap_requests (starts_at) where state = 'open';
create index swap_requests_by_schedule on swap_requests (schedule, created_at desc);
