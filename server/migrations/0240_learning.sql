-- Learning across incidents: what a person said of repeats and classes, and problems until they are proven to be gone.

-- The class of failure of an incident as a whole (factor '') or of one contributing factor of its postmortem. The only
-- place where classes are kept: a published postmortem stays as it was hashed while its classes are still corrected.
create table incident_classes (
  incident_id  uuid not null,
  factor       text not null default '',
  class        text not null,
  said_by      text not null,
  said_at      timestamptz not null,
  primary key (incident_id, factor)
);
create index incident_classes_by_class on incident_classes (class, incident_id);

-- A person's word on whether an incident repeats an earlier one, with what was seen when it was said.
create table incident_repeats (
  incident_id  uuid not null,
  earlier_id   uuid not null,
  verdict      text not null check (verdict in ('confirmed', 'rejected')),
  score        double precision not null,
  evidence     jsonb not null,
  reason       text,
  said_by      text not null,
  said_at      timestamptz not null,
  primary key (incident_id, earlier_id),
  check (incident_id <> earlier_id)
);
create index incident_repeats_by_earlier on incident_repeats (earlier_id);
create index incident_repeats_by_time on incident_repeats (verdict, said_at desc, incident_id desc, earlier_id desc);

create table problems (
  id             uuid primary key,
  number         bigint generated always as identity unique,
  title          text not null,
  cause          text,
  state          text not null check (state in ('open', 'known-error', 'planned', 'watching', 'eliminated', 'accepted')),
  class          text,
  services       text[] not null default '{}',
  owner          text,
  workaround     text,
  plan           text,
  due_at         timestamptz,
  -- How long it must not repeat before it counts as eliminated.
  window_ms      bigint not null,
  watched_since  timestamptz,
  opened_by      text not null,
  opened_at      timestamptz not null,
  version        integer not null default 1
);
create index problems_by_time on problems (opened_at desc, id desc);

create table problem_incidents (
  problem_id   uuid not null references problems (id) on delete cascade,
  incident_id  uuid not null,
  linked_by    text not null,
  linked_at    timestamptz not null,
  primary key (problem_id, incident_id)
);
create index problem_incidents_by_incident on problem_incidents (incident_id);

-- The elimination plan is made of corrective actions: links, no copies.
create table problem_actions (
  problem_id  uuid not null references problems (id) on delete cascade,
  action_id   uuid not null,
  primary key (problem_id, action_id)
);
create index problem_actions_by_action on problem_actions (action_id);

-- Each move, so that a month can be told after it is over.
create table problem_moves (
  id          bigint generated always as identity primary key,
  problem_id  uuid not null references problems (id) on delete cascade,
  at          timestamptz not null,
  before      text,
  after       text not null,
  because     text not null,
  said_by     text not null
);
create index problem_moves_by_problem on problem_moves (problem_id, id);
create index problem_moves_by_time on problem_moves (at);

-- What was said of an incident goes with it, whoever removes it.
create function learning_forget_incidents() returns trigger language plpgsql as $$
begin
  delete from incident_classes c using gone where c.incident_id = gone.id;
  delete from incident_repeats r using gone where r.incident_id = gone.id or r.earlier_id = gone.id;
  delete from problem_incidents p using gone where p.incident_id = gone.id;
  return null;
end $$;
create trigger learning_forget after delete on incidents
  referencing old table as gone for each statement execute function learning_forget_incidents();
create function learning_forget_actions() returns trigger language plpgsql as $$
begin
  delete from problem_actions p using gone where p.action_id = gone.id;
  return null;
end $$;
create trigger learning_forget after delete on corrective_actions
  referencing old table as gone for each statement execute function learning_forget_actions();
