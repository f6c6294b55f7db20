-- What is done by itself when something happens to an incident: runs of workflows, and the webhooks they call.

create table workflow_runs (
  id               uuid primary key,
  workflow         text not null,
  title            text not null,
  incident_id      uuid not null,
  -- What it runs because of, as one name: an entry of the journal, `once`, or a wish of somebody.
  occurrence       text not null,
  cause            text not null,
  -- What a condition may ask of the trigger.
  trigger          jsonb not null,
  -- As it was declared when the run began: who edits it meanwhile changes the next one.
  definition       jsonb not null,
  state            text not null check (state in ('waiting', 'running', 'approval', 'done', 'failed', 'not-needed')),
  -- Why it runs, and of one that was not needed, why not.
  because          text not null,
  steps            jsonb not null,
  started_by       text not null,
  created_at       timestamptz not null,
  -- `after` a while: when the condition is looked at again.
  due_at           timestamptz,
  changed_at       timestamptz not null,
  ended_at         timestamptz
);
-- Two processes hear of the same thing; one run comes of it.
create unique index workflow_runs_once on workflow_runs (incident_id, workflow, occurrence);
create index workflow_runs_of_workflow on workflow_runs (workflow, created_at desc, id desc);
create index workflow_runs_by_state on workflow_runs (state, created_at desc, id desc);
create index workflow_runs_by_time on workflow_runs (created_at desc, id desc);

create table workflow_hooks (
  name        text primary key,
  -- The address and the secret that signs, sealed: an address often holds a token.
  settings    text not null,
  -- Scheme and host, for people.
  target      text not null,
  changed_by  text not null,
  changed_at  timestamptz not null,
  -- What came of the last call.
  called_at   timestamptz,
  outcome     text
);
