-- What ends a silence before its time, null for the time alone; and whether whoever made it was reminded of its end.
alter table silences add column ends_with jsonb, add column reminded boolean not null default false;
