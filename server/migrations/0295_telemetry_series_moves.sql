-- What moved since packs of series were written: a second brings samples of some series, and writing it must not cost what all
-- of them cost. A row is the series that one fold moved; when there is as much of it as there are series, packs are written anew.
create table series_moves (
  id bigint generated always as identity primary key,
  packed bytea not null
);
alter table series_moves alter column packed set storage external;
alter table series_moves set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 200,
  toast.autovacuum_vacuum_scale_factor = 0, toast.autovacuum_vacuum_threshold = 20000);
