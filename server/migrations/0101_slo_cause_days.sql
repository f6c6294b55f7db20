-- What classes of cause spent of an objective's budget on each day (UTC), for policies about a quarter: slices are not
-- kept that long. Only of objectives with such a policy.
create table budget_cause_days (
  objective      text not null,
  day            date not null,
  -- Days that were counted by another method are not added up with these.
  method         text not null,
  -- In the units of the method: everything that counted, and what each class spent of it.
  total          bigint not null,
  spent          jsonb not null,
  attributed_at  timestamptz not null,
  primary key (objective, day)
);
