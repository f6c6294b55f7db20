-- For which team the shift was: it is paid by that team, wherever the schedule goes afterwards. Null: kept before this was
-- written down; the definition of that time says it, if it is still known.
alter table schedule_history add column team text;
-- Pay asks for every schedule, also those that are gone.
create index schedule_history_by_end on schedule_history (ends_at);
