-- Who is to look at a postmortem before it is published, and what they say; and the version of it that anybody may read.

-- When it was sent to review last: what waits longest is looked at first.
alter table postmortems add column review_at timestamptz;

create table postmortem_reviewers (
  postmortem_id uuid not null references postmortems (id) on delete cascade,
  person        text not null,
  -- Null: asked by the policy.
  asked_by      text,
  asked_at      timestamptz not null,
  decision      text check (decision in ('approved', 'changes')),
  reason        text,
  decided_at    timestamptz,
  -- SHA-256 of the content that was decided on: a decision holds for that text only.
  text_hash     text,
  primary key (postmortem_id, person)
);

create table postmortem_comments (
  id            uuid primary key,
  postmortem_id uuid not null references postmortems (id) on delete cascade,
  -- Null: about the whole.
  section       text,
  body          text not null,
  by            text not null,
  at            timestamptz not null,
  resolved_by   text,
  resolved_at   timestamptz
);
create index postmortem_comments_by_postmortem on postmortem_comments (postmortem_id, at, id);

create table postmortem_publics (
  postmortem_id uuid primary key references postmortems (id) on delete cascade,
  choices       jsonb not null,
  -- What was prepared, of which publication, by whom; null once it was let out.
  copy          jsonb,
  copy_hash     text,
  of_hash       text,
  prepared_by   text,
  prepared_actor text,
  prepared_at   timestamptz,
  -- What anybody may read, frozen, at an address that cannot be guessed.
  served        jsonb,
  served_hash   text,
  served_of     text,
  approved_by   text,
  approved_at   timestamptz,
  token         text unique,
  withdrawn_by  text,
  withdrawn_at  timestamptz,
  withdrawn_because text
);
