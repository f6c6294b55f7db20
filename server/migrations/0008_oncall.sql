-- On call: temporary changes of schedules, escalations under way and the pages they made.
-- Schedules and policies themselves are declared objects of the catalog.

create table overrides (
  id          uuid primary key,
  schedule    text not null,
  kind        text not null check (kind in ('replace', 'add', 'remove')),
  person      text not null,
  covers      text,
  rotation    text,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  reason      text not null,
  created_by  text not null,
  created_at  timestamptz not null default mainstay_now(),
  check (starts_at < ends_at)
);
create index overrides_by_schedule on overrides (schedule, ends_at);

-- One open escalation for each alert.
create table escalations (
  id           uuid primary key,
  alert_id     uuid not null,
  service      text,
  -- The policy as it was on opening, so an edit never changes a page already under way.
  policy       jsonb not null,
  policy_name  text not null,
  -- Why this policy: the service names it, the default, the team, the administrators.
  chosen       text not null,
  urgency      text not null,
  severity     text not null,
  tier         smallint,
  facts        jsonb not null,
  state        jsonb not null,
  phase        text not null check (phase in ('escalating', 'exhausted', 'acknowledged', 'snoozed', 'resolved')),
  -- When the state wants to be looked at; the auditor compares it with the clock.
  next_at      timestamptz,
  opened_at    timestamptz not null default mainstay_now(),
  closed_at    timestamptz
);
create unique index escalations_open on escalations (alert_id) where phase <> 'resolved';
create index escalations_by_alert on escalations (alert_id, opened_at desc);
create index escalations_next on escalations (next_at) where next_at is not null;

create table pages (
  id             uuid primary key,
  escalation_id  uuid not null references escalations (id),
  alert_id       uuid not null,
  service        text,
  step           integer not null,
  -- From 1; null for the fallback owner.
  level          integer,
  round          integer not null,
  person         text not null,
  at             timestamptz not null,
  because        text not null,
  unique (escalation_id, step, person)
);
create index pages_by_alert on pages (alert_id, at);
create index pages_by_person on pages (person, at desc, id desc);
create index pages_by_time on pages (at desc, id desc);

-- Round-robin levels begin with the next target for each alert a policy receives.
create table policy_turns (
  policy  text primary key,
  turn    bigint not null
);

-- Up to where hand-overs of a schedule have been told.
create table told_hand_overs (
  schedule  text primary key,
  until     timestamptz not null
);
