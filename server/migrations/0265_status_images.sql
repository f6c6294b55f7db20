-- The logo and the small sign of a status page, as they were uploaded and as they are sent.
create table status_images (
  page         text not null,
  kind         text not null check (kind in ('logo', 'icon')),
  type         text not null,
  bytes        bytea not null,
  -- Of the bytes: stands in the address, so that caches may keep it.
  digest       text not null,
  uploaded_at  timestamptz not null default mainstay_now(),
  uploaded_by  text not null,
  primary key (page, kind)
);
