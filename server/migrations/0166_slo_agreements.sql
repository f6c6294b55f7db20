-- Service-level agreements: what contracts promise beside objectives, how their period stands, and what was settled.
create table agreements (
  name          text primary key,
  -- Compiled from the document; fractions exact, as texts.
  definition    jsonb not null,
  version       integer not null default 1,
  effective_at  timestamptz not null default mainstay_now(),
  -- Without a first day, the contract holds from the period in which it was declared.
  declared_at   timestamptz not null default mainstay_now()
);

-- How the running period stands, as of the last look, and what was told of it.
create table agreement_states (
  name          text primary key,
  period_start  timestamptz not null,
  as_of         timestamptz not null,
  verdict       text not null check (verdict in ('kept', 'missed', 'open')),
  -- Credits that people were warned of, and those that are due, by the share they begin below: told once in a period.
  warned        text[] not null default '{}',
  due           text[] not null default '{}',
  view          jsonb not null
);

-- What a period came to when it was settled; never written again.
create table agreement_statements (
  name          text not null,
  period_start  timestamptz not null,
  period_end    timestamptz not null,
  settled_at    timestamptz not null,
  settled_by    text not null,
  reason        text,
  statement     jsonb not null,
  primary key (name, period_start)
);
