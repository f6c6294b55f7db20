-- The incident room: work items, graphs pinned as data, updates, impact by service, relations.
create table incident_items (
  id            uuid primary key,
  incident_id   uuid not null references incidents (id) on delete cascade,
  kind          text not null check (kind in ('task', 'decision', 'hypothesis', 'mitigation')),
  text          text not null,
  state         text not null,
  owner         text,
  due_at        timestamptz,
  -- Why it was decided, closed, confirmed or refuted.
  reason        text,
  -- Of a hypothesis: what speaks for and against it, [{side, text, by, at}].
  evidence      jsonb not null default '[]',
  -- Of a mitigation: what will show that it works, and what was seen so far.
  verification  jsonb,
  created_by    text not null,
  created_at    timestamptz not null,
  closed_at     timestamptz,
  version       integer not null default 1
);
create index incident_items_by_incident on incident_items (incident_id, created_at, id);

-- A graph as it was: the points are copied, so that it says the same in a year.
create table incident_pins (
  id           uuid primary key,
  incident_id  uuid not null references incidents (id) on delete cascade,
  title        text not null,
  objective    text not null,
  from_at      timestamptz not null,
  to_at        timestamptz not null,
  step_ms      bigint not null,
  target       double precision,
  points       jsonb not null,
  pinned_by    text not null,
  pinned_at    timestamptz not null
);
create index incident_pins_by_incident on incident_pins (incident_id, pinned_at, id);

create table incident_updates (
  id           uuid primary key,
  incident_id  uuid not null references incidents (id) on delete cascade,
  number       integer not null,
  audience     text not null check (audience in ('responders', 'company', 'customers')),
  text         text not null,
  -- The facts as they were when it was posted; the next draft shows what changed since.
  facts        jsonb not null,
  posted_by    text not null,
  posted_at    timestamptz not null,
  next_at      timestamptz,
  unique (incident_id, number)
);

-- When which service was hurt. Minutes are counted once however many services are hurt at the same time.
create table incident_impacts (
  incident_id  uuid not null references incidents (id) on delete cascade,
  service      text not null,
  started_at   timestamptz not null,
  ended_at     timestamptz,
  primary key (incident_id, service, started_at)
);

create table incident_relations (
  incident_id  uuid not null references incidents (id) on delete cascade,
  related_id   uuid not null references incidents (id) on delete cascade,
  reason       text not null,
  primary key (incident_id, related_id)
);
