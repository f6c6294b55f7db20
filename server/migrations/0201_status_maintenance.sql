-- A post that follows a declared maintenance: which time of it. One for each page.
alter table status_posts add column maintenance_id uuid;
create unique index status_posts_by_maintenance on status_posts (page, maintenance_id) where maintenance_id is not null;
