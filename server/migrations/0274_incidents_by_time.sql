-- The list of all incidents, newest first, reads a page and not the table.
create index incidents_by_time on incidents (declared_at desc, id desc);
