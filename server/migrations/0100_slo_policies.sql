-- Error-budget policies: what is declared, which steps are entered, what was done about it, and what holds changes up.

create table budget_policies (
  name        text primary key,
  -- Compiled from the document; fractions exact, as texts.
  definition  jsonb not null,
  saved_at    timestamptz not null default mainstay_now()
);

-- One stay in a step, for one objective and one cause. Its actions ran once, when it was entered.
create table budget_episodes (
  id           uuid primary key,
  policy       text not null,
  objective    text not null,
  service      text not null,
  step         text not null,
  -- The incident, or the class of cause; empty for a level of the budget.
  cause        text not null default '',
  cause_label  text not null default '',
  -- What was read when it was entered: a share of the budget.
  reading      double precision not null,
  sentence     text not null,
  entered_at   timestamptz not null,
  -- Since when the reading has been clear of the level; null while it is not.
  clear_since  timestamptz,
  left_at      timestamptz,
  left_because text
);
-- Whatever two processes see at the same moment: a step is entered once.
create unique index budget_episodes_open on budget_episodes (policy, objective, step, cause) where left_at is null;
create index budget_episodes_by_objective on budget_episodes (objective, entered_at desc, id);

create table budget_acts (
  episode_id  uuid not null references budget_episodes (id) on delete cascade,
  position    integer not null,
  kind        text not null check (kind in ('notify', 'open-task', 'require-approval', 'freeze-changes')),
  at          timestamptz not null,
  sentence    text not null,
  primary key (episode_id, position)
);

-- How far a policy has looked at an objective: an older look than the last one decides nothing.
create table budget_looks (
  policy     text not null,
  objective  text not null,
  as_of      timestamptz not null,
  primary key (policy, objective)
);

create table budget_tasks (
  id          uuid primary key,
  episode_id  uuid not null references budget_episodes (id) on delete cascade,
  policy      text not null,
  objective   text not null,
  service     text not null,
  title       text not null,
  because     text not null,
  owner_kind  text not null check (owner_kind in ('person', 'team')),
  -- Null: nobody owns the service.
  owner       text,
  opened_at   timestamptz not null,
  due_at      timestamptz not null,
  state       text not null default 'open' check (state in ('open', 'done', 'dropped')),
  closed_at   timestamptz,
  closed_by   text,
  note        text
);
create index budget_tasks_by_state on budget_tasks (state, due_at, id);

-- What stands in the way of changes of a service.
create table change_holds (
  id             uuid primary key,
  episode_id     uuid not null references budget_episodes (id) on delete cascade,
  kind           text not null check (kind in ('freeze', 'approval')),
  service        text not null,
  policy         text not null,
  objective      text not null,
  step           text not null,
  sentence       text not null,
  ends_when      text not null,
  allows         text[] not null default '{}',
  approvers      jsonb not null,
  since          timestamptz not null,
  until          timestamptz,
  ended_at       timestamptz,
  ended_because  text
);
create index change_holds_by_service on change_holds (service, since desc, id);
create index change_holds_open on change_holds (since desc, id) where ended_at is null;

-- Changes pass in spite of a hold: for a reason, by somebody who may say so, for a while.
create table change_exceptions (
  id                uuid primary key,
  service           text not null,
  -- Null: whatever policy holds the service.
  policy            text,
  reason            text not null,
  asked_by          text not null,
  asked_at          timestamptz not null,
  -- Whose word it needs, by name in the catalog; who gave it is written when they do.
  approver          text,
  approved_by       text,
  approved_at       timestamptz,
  starts_at         timestamptz not null,
  until             timestamptz not null,
  withdrawn_at      timestamptz,
  withdrawn_by      text,
  withdrawn_reason  text
);
create index change_exceptions_by_service on change_exceptions (service, until desc, id);
create index change_exceptions_by_time on change_exceptions (asked_at desc, id desc);
