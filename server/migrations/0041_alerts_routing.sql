-- The routing that was taken over from an Alertmanager: its file as it was given. At most one row.
create table alert_routing (
  only_one    boolean primary key default true check (only_one),
  text        text not null,
  version     integer not null,
  changed_by  text not null,
  changed_at  timestamptz not null default mainstay_now()
);

-- Why nobody is paged although no silence holds it: inhibited, outside its route's hours, or routed to nobody.
alter table alerts add column held_because text check (held_because in ('inhibited', 'muted', 'nobody'));
create index alerts_held on alerts (key) where held_because is not null and status <> 'resolved';

-- When an edit changed a silence; null while nobody has.
alter table silences add column updated_at timestamptz;
