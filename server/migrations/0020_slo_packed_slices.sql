-- Slices that are some hours old, packed: one row for each 1,440 slices of a stream (a day of minutes) instead of 1,440.
-- A slice is the sum of what is packed and of its row in `slices`: data that come late are added there, as ever, and
-- packed with the next round. So a month of an objective is read back in some thirty values.
create table slice_blocks (
  stream       integer not null,
  block_start  bigint not null,
  -- Nothing at or after it is packed yet.
  until        bigint not null,
  -- Columns measured, good, bad, total; packed to the bit, so PostgreSQL need not try to compress them.
  packed       bytea not null,
  primary key (stream, block_start)
);
alter table slice_blocks alter column packed set storage external;
