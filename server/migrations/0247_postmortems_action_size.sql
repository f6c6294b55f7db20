-- How much work a corrective action is; null: nobody has said.
alter table corrective_actions add column size text check (size in ('S', 'M', 'L'));
