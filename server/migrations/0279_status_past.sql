-- What was published elsewhere before: the name it had there, so that the same export twice adds nothing.
alter table status_posts add column source text;
create unique index status_posts_by_source on status_posts (page, source) where source is not null;
