-- What the ticket said when both sides last agreed, where ours could not become the same: a resolved incident whose ticket
-- goes back to "to do" is active again. Null: the same as `base`.
alter table tickets add column base_theirs text;
