-- Postmortems: one for an incident, drafted from frozen facts, and the corrective actions that follow from it.
create table postmortems (
  id            uuid primary key,
  number        bigint generated always as identity unique,
  -- One review for an incident; whoever may read the incident may read it.
  incident_id   uuid not null unique,
  incident_number bigint not null,
  title         text not null,
  severity      text not null,
  services      text[] not null default '{}',
  team          text,
  owner         text,
  status        text not null check (status in ('draft', 'review', 'published')),
  opened_by     text not null,
  because       text not null,
  opened_at     timestamptz not null,
  due_at        timestamptz not null,
  -- What the journal and the measurements said when it was frozen; never changed after publication.
  facts         jsonb not null,
  factors       jsonb not null default '[]',
  approved_by   text,
  published_at  timestamptz,
  -- SHA-256 of the canonical JSON of what was published.
  hash          text,
  version       integer not null default 1
);
create index postmortems_by_time on postmortems (opened_at desc, id desc);

create table postmortem_sections (
  postmortem_id uuid not null references postmortems (id) on delete cascade,
  section       text not null,
  body          text not null,
  version       integer not null default 1,
  updated_by    text not null,
  updated_at    timestamptz not null,
  primary key (postmortem_id, section)
);

create table corrective_actions (
  id            uuid primary key,
  number        bigint generated always as identity unique,
  postmortem_id uuid not null references postmortems (id) on delete cascade,
  incident_id   uuid not null,
  title         text not null,
  kind          text not null check (kind in ('detect', 'mitigate', 'prevent', 'process')),
  owner         text not null,
  due_at        timestamptz not null,
  state         text not null check (state in ('open', 'proving', 'proven', 'dropped')),
  -- What will show that it worked.
  signal        jsonb,
  proving_since timestamptz,
  proven_at     timestamptz,
  -- What was seen last, in words.
  seen          text,
  reopened      integer not null default 0,
  created_by    text not null,
  created_at    timestamptz not null,
  version       integer not null default 1
);
create index corrective_actions_by_state on corrective_actions (state, due_at, id);
create index corrective_actions_by_postmortem on corrective_actions (postmortem_id, number);
