-- Journeys: what users come to do, promised over the objectives it passes through.
create table journey_objectives (
  name          text primary key,
  -- The kind of document that declares it: a JourneyObjective, or an SLO that is a composite.
  source        text not null check (source in ('JourneyObjective', 'SLO')),
  -- Members, weights, mode; fractions exact, as texts.
  definition    jsonb not null,
  version       integer not null default 1,
  effective_at  timestamptz not null default mainstay_now()
);

-- The newest verdict of each journey. A function of its members' slices: whoever evaluates writes the same.
create table journey_states (
  name        text primary key,
  version     integer not null,
  as_of       timestamptz not null,
  state       text not null,
  since       timestamptz not null,
  -- What people read: shares, members, ceiling, sentence.
  view        jsonb not null
) with (fillfactor = 70);
