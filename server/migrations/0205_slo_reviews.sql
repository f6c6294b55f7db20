-- When objectives are looked at again, until when they hold, and what reviews came to.
create table objective_terms (
  objective    text primary key,
  -- Null: the team of the service.
  owner_kind   text check (owner_kind in ('team', 'person')),
  owner        text,
  -- As the document has it: `3M`. Null: nobody is asked.
  every        text,
  starts_on    text,
  -- Reviews that were never made are counted from here.
  declared_at  timestamptz not null,
  -- The day by which it is looked at, since when people are asked, and the end of that day.
  due_on       text,
  soon_at      timestamptz,
  overdue_at   timestamptz,
  expires_at   timestamptz,
  -- What people were told of it as it stands.
  told         text[] not null default '{}'
);
create index objective_terms_by_due on objective_terms (soon_at) where soon_at is not null;
create index objective_terms_by_expiry on objective_terms (expires_at) where expires_at is not null;

-- Never written again, and kept when the objective goes: who looked at what, and what was decided.
create table objective_reviews (
  id             uuid primary key,
  objective      text not null,
  reviewed_at    timestamptz not null,
  reviewed_by    text not null,
  decision       text not null check (decision in ('keep', 'change-target', 'retire')),
  reason         text not null,
  -- In percent, as promised; the second one as decided.
  target_text    text not null,
  new_target     text,
  -- Of the definition that was looked at.
  version        integer not null,
  -- The day of the cycle that it answers for; null beside the cycle.
  due_on         text,
  figures        jsonb not null
);
create index objective_reviews_by_time on objective_reviews (objective, reviewed_at desc, id);
