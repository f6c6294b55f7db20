-- History of a stream is read from its Prometheus step by step, backwards from where reading began. Null: what was read
-- before this column came is not known, so nothing is filled in.
alter table prometheus_reads add column read_from bigint;
