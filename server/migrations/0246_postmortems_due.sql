-- Why it is due then, in words; and when it was published the first time, so that a correction makes nobody late.
alter table postmortems add column due_because text;
alter table postmortems add column first_published_at timestamptz;
update postmortems set first_published_at = published_at where published_at is not null;
create index postmortems_by_due on postmortems (due_at);
