-- A reminder is a message of its own: somebody owes an update of an incident. Old rows satisfy the old words already.
alter table deliveries drop constraint deliveries_purpose_check;
alter table deliveries add constraint deliveries_purpose_check
  check (purpose in ('page', 'bundle', 'ended', 'on-call', 'reminder', 'test', 'verify')) not valid;
