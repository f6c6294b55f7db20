-- Incidents: what people lead. The timeline is not stored here: it is the journal, read by link.
create table incidents (
  id               uuid primary key,
  number           bigint generated always as identity unique,
  title            text not null,
  severity         text not null check (severity in ('SEV1', 'SEV2', 'SEV3', 'SEV4')),
  severity_reason  text not null,
  status           text not null check (status in ('triage', 'active', 'mitigated', 'resolved')),
  services         text[] not null default '{}',
  teams            text[] not null default '{}',
  -- Each a moment of its own, so that every KPI is computed from stated times.
  impact_started_at timestamptz,
  detected_at      timestamptz,
  declared_at      timestamptz not null default mainstay_now(),
  acknowledged_at  timestamptz,
  mitigated_at     timestamptz,
  resolved_at      timestamptz,
  declared_by      text not null,
  -- Opened from an alert by itself: such an incident may also end by itself when all its alerts have.
  automatic        boolean not null,
  version          integer not null default 1
);
create index incidents_by_status on incidents (status, declared_at desc, id desc);
create index incidents_by_service on incidents using gin (services);

-- Who held which role, as intervals: a hand-over ends one and begins the next.
create table incident_roles (
  id           bigint generated always as identity primary key,
  incident_id  uuid not null references incidents (id) on delete cascade,
  role         text not null,
  person       text not null,
  since        timestamptz not null,
  until        timestamptz
);
create unique index incident_roles_commander on incident_roles (incident_id) where role = 'commander' and until is null;
create index incident_roles_by_incident on incident_roles (incident_id, id);
