-- Where those who work on it talk.
alter table incidents add column call_url text;
