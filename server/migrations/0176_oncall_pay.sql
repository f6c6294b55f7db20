-- Hours on call that were signed off, as they were at that moment. Never changed: what was wrong gets a line of its own.

create table pay_statements (
  id         uuid primary key,
  team       text not null,
  -- Days of each person's own calendar; `until` is the first day after it.
  from_date  date not null,
  until      date not null,
  -- For each person the zone and the lines by day and kind of hour.
  people     jsonb not null,
  signed_by  text not null,
  signed_at  timestamptz not null,
  check (from_date < until)
);
create unique index pay_statements_by_team on pay_statements (team, from_date);
create trigger append_only before update or delete or truncate on pay_statements
  for each statement execute function journal_refuse_change();

create table pay_corrections (
  id            uuid primary key,
  statement_id  uuid not null references pay_statements (id),
  person        text not null,
  class         text not null check (class in ('holiday', 'weekend', 'night', 'weekday')),
  -- Added to what was signed; below zero takes away.
  standby_ms    bigint not null,
  awake_ms      bigint not null,
  reason        text not null,
  made_by       text not null,
  made_at       timestamptz not null,
  check (standby_ms <> 0 or awake_ms <> 0)
);
create index pay_corrections_by_statement on pay_corrections (statement_id, made_at);
create trigger append_only before update or delete or truncate on pay_corrections
  for each statement execute function journal_refuse_change();
