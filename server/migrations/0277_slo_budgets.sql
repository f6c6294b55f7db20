-- Budgets are read by the thousand (lists of numbers for scripts and wall screens): as narrow columns, without the document of
-- what people read, which is ten times as long and stored apart. Made from it, so they cannot differ.
alter table objective_states
  add column good bigint generated always as ((view->'budget'->>'good')::bigint) stored,
  add column bad bigint generated always as ((view->'budget'->>'bad')::bigint) stored,
  add column total_bad double precision generated always as ((view->'budget'->>'totalBad')::double precision) stored,
  add column spent_bad double precision generated always as ((view->'budget'->>'spentBad')::double precision) stored,
  add column measured double precision generated always as ((view->'budget'->>'measuredRatio')::double precision) stored;
alter table objectives
  add column window_ms bigint generated always as ((definition->>'windowMs')::bigint) stored;
-- No list reads in its order, and it kept each verdict of each tick from being written in place.
drop index objective_states_by_remaining;
