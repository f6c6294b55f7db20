-- Steps that were taken together stand in one row: the first in its columns, the others as [rule, verdict, because].
alter table alert_trace add column more jsonb;
