-- A contract whose periods become longer or shorter has periods of another length that begin at the same instant: each is
-- settled by itself.
alter table agreement_statements drop constraint agreement_statements_pkey;
alter table agreement_statements add primary key (name, period_start, period_end);
