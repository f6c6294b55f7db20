-- By which rule an incident opened by itself, and how important the service was: the same rule in many services is one failure.
alter table incidents add column opened_by_rule text;
alter table incidents add column opened_by_tier smallint;
-- The same of the alert that a page was made for.
alter table page_groups add column rule text;
