-- Who was paged because nobody held a role, once for each time it was vacant.
create table incident_vacancies (
  incident_id uuid not null references incidents (id) on delete cascade,
  role        text not null,
  since       timestamptz not null,
  paged_at    timestamptz not null default mainstay_now(),
  -- The rota as people call it; null when there was none to page.
  rota        text,
  because     text not null,
  ended_at    timestamptz,
  primary key (incident_id, role, since)
);
