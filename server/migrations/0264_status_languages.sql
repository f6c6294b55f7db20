-- What people wrote on a status page in its other languages, and which language a subscriber reads.
alter table status_posts add column titles jsonb not null default '{}';
alter table status_updates add column bodies jsonb not null default '{}';
-- Null: the first of the page.
alter table status_subscribers add column language text;
