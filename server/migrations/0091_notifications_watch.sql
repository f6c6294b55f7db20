-- A page to nobody every minute, through the same lane as every other: proof that paging works, for the watchdog outside.
create table paging_watch (
  id                 smallint primary key check (id = 1),
  -- When the last one reached the null channel, and how long after it was due.
  passed_at          timestamptz,
  late_ms            integer,
  -- The outgoing heartbeat, sent only while the line above is fresh.
  heartbeat_at       timestamptz,
  heartbeat_outcome  text
);
insert into paging_watch (id) values (1);
