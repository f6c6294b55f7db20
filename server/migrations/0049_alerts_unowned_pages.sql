-- A service nobody owns pages the last resort, and its alerts share a page like those of any other.
alter table page_groups alter column team drop not null;
