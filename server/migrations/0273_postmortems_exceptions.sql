-- An exception: this incident needs no postmortem, who said so and why. It is asked for no more and counts as neither kept nor late.
alter table postmortems add column excused_at timestamptz;
alter table postmortems add column excused_by text;
alter table postmortems add column excused_because text;
