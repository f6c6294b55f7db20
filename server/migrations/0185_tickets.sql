-- Tickets at trackers outside, for incidents and corrective actions.

create table ticket_connections (
  name           text primary key,
  tracker        text not null,
  url            text not null,
  project        text not null,
  -- Everything a request needs, with the token; sealed.
  settings       text not null,
  -- What the tracker said of itself when it was proved.
  shown          jsonb not null default '{}',
  -- Names of states that differ from the tracker's usual ones.
  states         jsonb not null default '{}',
  has_hook       boolean not null,
  changed_by     text not null,
  changed_at     timestamptz not null,
  -- While it is away nobody asks before `next_try_at`.
  away_since     timestamptz,
  next_try_at    timestamptz,
  failures       integer not null default 0,
  because        text,
  -- The last call of theirs that was genuine.
  heard_at       timestamptz,
  -- One worker at a time goes through its tickets: a tracker that hangs holds up nobody else.
  tended_until   timestamptz
);

create table tickets (
  id            uuid primary key,
  connection    text not null,
  tracker       text not null,
  subject_kind  text not null check (subject_kind in ('incident', 'action')),
  subject_id    uuid not null,
  incident_id   uuid not null,
  phase         text not null check (phase in ('wanted', 'creating', 'there', 'gone')),
  -- Asked for by people; null: what it is about says it.
  wish_title    text,
  -- The create whose end is not known began then, and was looked for so often.
  begun_at      timestamptz,
  looks         integer not null default 0,
  -- As the tracker names it, people call it, and a browser opens it.
  ref           text,
  key           text,
  url           text,
  title         text,
  their_name    text,
  theirs        text,
  -- What both sides said when they last agreed.
  base          text,
  conflict      boolean not null default false,
  -- Who decided a conflict, to be carried out.
  settle        text check (settle in ('ours', 'theirs')),
  -- Why ours did not follow; said once.
  held          text,
  -- What the tracker refuses.
  fault         text,
  due_at        timestamptz,
  seen_at       timestamptz,
  created_by    text not null,
  created_at    timestamptz not null
);
-- A person and a workflow may both ask for it: one ticket for each matter and connection.
create unique index tickets_of_subject on tickets (connection, subject_kind, subject_id) where phase <> 'gone';
create unique index tickets_by_ref on tickets (connection, ref) where ref is not null and phase <> 'gone';
create index tickets_of_incident on tickets (incident_id);
create index tickets_due on tickets (connection, due_at) where due_at is not null;
create index tickets_by_time on tickets (created_at desc, id desc);
