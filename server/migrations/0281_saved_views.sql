-- Views of lists that somebody wants to come back to, with the person rather than with one browser.
create table saved_views (
  person_id  uuid not null references people (id) on delete cascade,
  list       text not null,
  -- [{"name": "...", "query": "severity=SEV1"}], a dozen at most, in the order in which they were saved.
  views      jsonb not null,
  primary key (person_id, list)
);
