-- Alerts whose people are still to be told, of a beginning or of an end: written with the alert, decided right after.
create table alert_turns (
  alert_id  uuid not null references alerts (id) on delete cascade,
  task      text not null check (task in ('tell', 'end')),
  -- What is worst is told first, however many wait before it.
  rank      smallint not null,
  due_at    timestamptz not null default mainstay_now(),
  -- Turns that failed by themselves; each puts it off further.
  failures  smallint not null default 0,
  primary key (alert_id, task)
);
create index alert_turns_next on alert_turns (rank, due_at);
