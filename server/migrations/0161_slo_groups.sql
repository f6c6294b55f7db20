-- Where each group of a grouped objective stands: the newest verdict, a fold of its slices like that of the whole.
create table objective_groups (
  objective   text not null,
  -- The group's own stream of counts.
  stream      integer not null,
  -- Values of what the objective is grouped by, in that order; null for all that found no group of their own.
  group_values text[],
  label       text not null,
  as_of       timestamptz not null,
  state       text not null,
  level       text not null,
  since       timestamptz not null,
  good        bigint not null,
  bad         bigint not null,
  -- Bad events (or slices) the window allows, and those it spent.
  allowed     double precision not null,
  spent       double precision not null,
  remaining   double precision,
  burn        double precision,
  -- Why it burns; empty when it does not.
  sentence    text not null,
  -- What people were told of it and did not hear the end of.
  told        text,
  -- What the next verdict goes on from.
  memory      jsonb not null,
  primary key (objective, stream)
) with (fillfactor = 70);
