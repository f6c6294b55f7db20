-- For each person who was counted, from when to when: the next statement begins there, wherever the person lives by then.
alter table pay_statements add column spans jsonb not null default '{}';
