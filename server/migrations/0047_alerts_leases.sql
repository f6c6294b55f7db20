-- What a repeated signal moves: when it was last seen, until when it holds, how often it came. One narrow row beside
-- each open alert, with no index on what moves, so that repeating what is known rewrites nothing else.
create table alert_leases (
  alert_id      uuid primary key references alerts (id) on delete cascade,
  -- Source and key, hashed: how a signal finds it.
  identity      uuid not null unique,
  -- The signal as it was last taken in, hashed without its end: the same again needs no second look.
  content       uuid not null,
  last_seen_at  timestamptz not null,
  -- Until when it holds unless repeated, and whether the sender said so; null means until it is resolved.
  lease_until   timestamptz,
  lease_given   boolean,
  -- Signals taken into this episode.
  count         bigint not null
) with (fillfactor = 50);

insert into alert_leases (alert_id, identity, content, last_seen_at, lease_until, lease_given, count)
select id, encode(substr(sha256(convert_to(source, 'UTF8') || '\x00'::bytea || convert_to(key, 'UTF8')), 1, 16), 'hex')::uuid,
  -- Nothing matches it: the next signal is looked at in full.
  gen_random_uuid(), last_seen_at, lease_until, lease_given, count
from alerts where status <> 'resolved';

-- Of an open alert the lease tells; these two hold how an ended one ended up.
alter table alerts drop column lease_until, drop column lease_given;
