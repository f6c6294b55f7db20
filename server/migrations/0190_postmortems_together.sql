-- Postmortems written by several people at once: one shared document each, its updates, who writes, and what it was before.

create table postmortem_documents (
  postmortem_id uuid primary key references postmortems (id) on delete cascade,
  -- A Yjs state that holds every update up to `state_seq`; later ones stand in postmortem_updates.
  state         bytea not null,
  state_seq     bigint not null,
  seq           bigint not null,
  created_at    timestamptz not null,
  written_at    timestamptz not null,
  -- When the last version was kept, and who wrote since.
  version_at    timestamptz not null,
  sitting       text[] not null default '{}'
);

create table postmortem_updates (
  postmortem_id uuid not null references postmortem_documents (postmortem_id) on delete cascade,
  seq           bigint not null,
  body          bytea not null,
  at            timestamptz not null,
  primary key (postmortem_id, seq)
);

-- A hand that writes: its number stands in every character it wrote. Where it is now is presence, and changes often.
create table postmortem_writers (
  postmortem_id uuid not null references postmortem_documents (postmortem_id) on delete cascade,
  client        bigint not null,
  actor         text not null,
  person        text not null,
  -- The server writes with it, for changes that came as a whole text.
  whole         boolean not null default false,
  opened_at     timestamptz not null,
  seen_at       timestamptz,
  section       text,
  line          integer,
  -- Its last entry in the journal, and what that was about.
  noted_at      timestamptz,
  noted         text[] not null default '{}',
  primary key (postmortem_id, client)
);

create table postmortem_versions (
  postmortem_id uuid not null references postmortem_documents (postmortem_id) on delete cascade,
  number        integer not null,
  at            timestamptz not null,
  because       text not null,
  authors       text[] not null,
  sections      jsonb not null,
  primary key (postmortem_id, number)
);
