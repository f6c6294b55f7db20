-- Since when people are told of it; null when nobody was.
alter table alerts add column told_at timestamptz;
-- Whether it was worth it, as people say; null while nobody has said.
alter table alerts add column useful boolean, add column rated_by text, add column rated_at timestamptz;

-- What became of each alert that is over: a narrow row written with its end, so that a year of noise is counted without
-- touching the wide rows of alerts.
create table alert_outcomes (
  alert_id     uuid primary key references alerts (id) on delete cascade,
  -- Of the sender (`alertname`); null when it named none.
  rule         text,
  service      text,
  team         text,
  -- The worst it has been.
  severity     text not null,
  opened_at    timestamptz not null,
  ended_at     timestamptz not null,
  ended        text not null,
  told_at      timestamptz,
  answered     boolean not null,
  useful       boolean,
  -- Whether it said what to do.
  has_runbook  boolean not null
);
create index alert_outcomes_by_time on alert_outcomes (opened_at);
create index alert_outcomes_by_rule on alert_outcomes (rule, opened_at);
