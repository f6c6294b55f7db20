-- Calendar periods that ended, as they were known at their end.
create table objective_periods (
  name        text not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  -- The definition it was judged with.
  version     integer not null,
  target      double precision not null,
  good        bigint not null,
  bad         bigint not null,
  -- In the units of the budgeting method.
  allowed     double precision not null,
  spent       double precision not null,
  attainment  double precision,
  remaining   double precision,
  met         boolean,
  measured    integer not null,
  expected    integer not null,
  primary key (name, starts_at)
);
