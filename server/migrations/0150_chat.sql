-- Incidents in chat: their rooms, what came in from there, and who is who.

create table chat_rooms (
  id               uuid primary key,
  incident_id      text not null,
  incident_number  integer not null,
  provider         text not null,
  is_private       boolean not null,
  state            text not null check (state in ('wanted', 'open', 'leaving', 'archived')),
  -- What the chat calls it, how people see it, and where it opens.
  place            text,
  name             text,
  url              text,
  name_attempt     integer not null default 1,
  -- The pinned summary: its message, and what it says.
  summary_ref      text,
  summary          text,
  is_pinned        boolean not null default false,
  topic            text,
  invited          text[] not null default '{}',
  -- The last journal entry that was told, or left out on purpose.
  told_to          bigint not null default 0,
  -- A call that was begun and whose end is not written down: it is looked for before it is made again.
  under_way        jsonb,
  -- Counted up when something may have changed; the work ends when it has seen the newest.
  wanted           integer not null default 1,
  next_post_at     timestamptz,
  archive_at       timestamptz,
  fault            text,
  created_at       timestamptz not null default mainstay_now()
);
-- One room at a time; one that had to be left stays for the record.
create unique index chat_rooms_of_incident on chat_rooms (incident_id, provider) where state in ('wanted', 'open');
create index chat_rooms_by_incident on chat_rooms (incident_id);
create index chat_rooms_by_place on chat_rooms (provider, place) where place is not null;

-- How each chat is doing: while it is away nobody asks before `next_try_at`.
create table chat_links (
  provider      text primary key,
  away_since    timestamptz,
  next_try_at   timestamptz,
  failures      integer not null default 0,
  because       text,
  -- The last sign of a WebSocket of any process.
  socket_seen_at  timestamptz
);

-- Everything that came in, once: providers repeat themselves, several processes listen, and a request can be sent again.
create table chat_inbox (
  provider     text not null,
  key          text not null,
  payload      jsonb not null,
  received_at  timestamptz not null default mainstay_now(),
  handled_at   timestamptz,
  -- What was said back, and where to.
  answer       text,
  answer_to    jsonb,
  primary key (provider, key)
);
create index chat_inbox_received on chat_inbox (received_at);

-- What the chat says about its people; asked again after a while.
create table chat_people (
  provider   text not null,
  user_id    text not null,
  name       text not null,
  email      text,
  -- Why its address proves nothing: a guest, a bot, somebody of another company.
  because    text,
  looked_at  timestamptz not null,
  primary key (provider, user_id)
);
