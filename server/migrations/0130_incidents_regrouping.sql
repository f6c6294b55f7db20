-- What people said about which alerts are one problem, so that it can be taken back and remembered.
create table incident_regroupings (
  id         uuid primary key,
  kind       text not null check (kind in ('split', 'merge')),
  from_id    uuid not null references incidents (id) on delete cascade,
  to_id      uuid not null references incidents (id) on delete cascade,
  alerts     uuid[] not null,
  -- What the two were before, as far as taking it back needs it: services, teams, times.
  before     jsonb not null,
  reason     text not null,
  said_by    text not null,
  said_at    timestamptz not null,
  undone_by  text,
  undone_at  timestamptz
);
create index incident_regroupings_from on incident_regroupings (from_id, said_at);
create index incident_regroupings_to on incident_regroupings (to_id, said_at);

-- Two kinds of alerts, each a rule of a service, that are one problem or two whenever they come. The ends stand in the
-- order of their names, so that a pair is one row; a later word replaces an earlier one.
create table correlation_pairs (
  id             uuid primary key,
  one_service    text not null,
  one_rule       text not null,
  other_service  text not null,
  other_rule     text not null,
  verdict        text not null check (verdict in ('apart', 'together')),
  because        text not null,
  said_by        text not null,
  said_at        timestamptz not null,
  until          timestamptz not null,
  regrouping_id  uuid references incident_regroupings (id) on delete set null,
  used           integer not null default 0,
  used_at        timestamptz,
  unique (one_service, one_rule, other_service, other_rule)
);
create index correlation_pairs_by_other on correlation_pairs (other_service, other_rule);
create index correlation_pairs_by_regrouping on correlation_pairs (regrouping_id);
