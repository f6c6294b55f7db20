-- Counting by state and finding the few that are in trouble, without reading what is said about each: that is wide.
create index objective_states_by_state on objective_states (state, name);
