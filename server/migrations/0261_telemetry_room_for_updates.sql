-- All rows of a page are written anew with every scrape: there must be room for all of them, or each second one moves to
-- another page and gets new entries in all indexes.
alter table series_states set (fillfactor = 45);
alter table telemetry_sources set (fillfactor = 45);
alter table stream_feeds set (fillfactor = 45);
