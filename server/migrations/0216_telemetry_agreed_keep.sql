-- What a contract asks to be kept of a stream, apart from what its own windows need: its groups are kept for those alone.
alter table telemetry_streams add column agreed_ms bigint not null default 0;
