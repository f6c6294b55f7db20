-- Time that does not count: declared windows (documents of kind BudgetExclusion) and corrections of past stretches.
create table objective_exclusions (
  -- `declared/<name>` or a correction's own id.
  id                text primary key,
  source            text not null check (source in ('declared', 'correction')),
  -- Both empty: all objectives.
  services          text[] not null default '{}',
  objectives        text[] not null default '{}',
  mode              text not null check (mode in ('drop', 'good')),
  -- Once or by a rule, as core/exclusion.ts reads it.
  during            jsonb not null,
  reason            text not null,
  author            text not null,
  created_at        timestamptz not null default mainstay_now(),
  -- A correction is never deleted: it is withdrawn, and stays to be read.
  withdrawn_at      timestamptz,
  withdrawn_by      text,
  withdrawn_reason  text
);
create index objective_exclusions_by_objective on objective_exclusions using gin (objectives);
