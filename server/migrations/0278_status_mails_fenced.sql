-- A mail to a subscriber is written down before its text leaves, like a page: while a turn holds it no other sends it, and who was
-- overtaken sends nothing.
alter table status_mails
  add column sending_until timestamptz,
  -- How often the text began to leave.
  add column copies        integer not null default 0;
