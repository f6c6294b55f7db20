-- By which terms the running period was looked at: after a change of the document it is not known until the next look.
alter table agreement_states add column version integer;
