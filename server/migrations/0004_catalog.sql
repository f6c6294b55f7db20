-- Everything declared: documents of all kinds with their versions and field owners. Rooms keep tables of their own
-- true to them; this is the source.
create table resources (
  kind         text not null,
  name         text not null,
  api_version  text not null,
  -- metadata and spec, as merged from all managers.
  document     jsonb not null,
  version      integer not null,
  -- JSON pointer -> manager.
  owners       jsonb not null default '{}',
  -- Who declared it first: `apply --prune` removes only what its own manager created.
  created_by   text not null,
  -- Objects it refers to, as kind/name.
  refers_to    text[] not null default '{}',
  created_at   timestamptz not null default mainstay_now(),
  updated_at   timestamptz not null default mainstay_now(),
  primary key (kind, name)
);
create index resources_refers_to on resources using gin (refers_to);
create index resources_by_creator on resources (created_by);
-- Who signs in is found among the people who can be on call.
create index people_by_email on resources (lower(document #>> '{spec,email}')) where kind = 'Person';

-- One row for each version, so that any day can be looked at as it was. A removal is a version without a document.
create table resource_versions (
  kind      text not null,
  name      text not null,
  version   integer not null,
  document  jsonb,
  at        timestamptz not null default mainstay_now(),
  actor     text not null,
  primary key (kind, name, version)
);
