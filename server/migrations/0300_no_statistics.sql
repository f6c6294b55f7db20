-- Nothing is looked up by these columns, and a tenth of PostgreSQL's time in a storm went into sorting samples of them for
-- the planner after every few thousand rows.
alter table alerts alter column signal set statistics 0;
alter table alert_trace alter column because set statistics 0, alter column more set statistics 0;
alter table due_work alter column payload set statistics 0;
alter table journal
  alter column actor set statistics 0, alter column reason set statistics 0, alter column data set statistics 0,
  alter column before set statistics 0, alter column after set statistics 0, alter column salt set statistics 0;
