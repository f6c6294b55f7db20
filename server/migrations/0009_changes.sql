-- Deployments and other changes, recorded once for each source and outside id.
create table changes (
  id           uuid primary key,
  source       text not null,
  external_id  text not null,
  service      text not null,
  kind         text not null,
  version      text,
  summary      text not null,
  link         text,
  -- When it took effect, as reported; recorded_at is when we heard of it.
  at           timestamptz not null,
  recorded_at  timestamptz not null default mainstay_now(),
  unique (source, external_id)
);
create index changes_by_time on changes (at desc, id desc);
create index changes_by_service on changes (service, at desc, id desc);
