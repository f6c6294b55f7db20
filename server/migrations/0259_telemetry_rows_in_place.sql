-- What every sample writes stays in its page: an index on the time of the last one made each of these updates a new entry in
-- all indexes. What is old is found by reading the table, every ten minutes.
drop index series_states_by_age;
drop index telemetry_sources_by_age;
alter table telemetry_sources set (fillfactor = 70);
alter table stream_feeds set (fillfactor = 70);
