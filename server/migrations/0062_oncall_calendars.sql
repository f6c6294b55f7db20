-- Calendars out (feeds behind a secret address) and in (holidays, overrides of another calendar).

create table calendar_feeds (
  id            uuid primary key,
  -- Whose shifts: one person's, one schedule's, or those of all schedules of a team.
  kind          text not null check (kind in ('person', 'schedule', 'team')),
  name          text not null,
  -- SHA-256 of the secret in its address.
  token_hash    bytea not null unique,
  created_by    text not null,
  created_at    timestamptz not null default mainstay_now(),
  last_read_at  timestamptz
);
create index calendar_feeds_by_creator on calendar_feeds (created_by);

create table schedule_holidays (
  schedule   text not null,
  name       text not null,
  starts_at  timestamptz not null,
  ends_at    timestamptz not null,
  primary key (schedule, starts_at, name)
);

-- The event of another calendar an override came from: reading that calendar again finds it.
alter table overrides add column calendar_uid text;
create unique index overrides_by_calendar on overrides (schedule, calendar_uid) where calendar_uid is not null;
