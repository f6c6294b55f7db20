-- Alerts: one row for each episode of a problem, from the first signal to its end.
create table alerts (
  id               uuid primary key,
  number           bigint generated always as identity,
  -- Who sent it and the key under which the sender speaks of the same problem.
  source           text not null,
  key              text not null,
  status           text not null check (status in ('firing', 'acknowledged', 'snoozed', 'resolved')),
  severity         text not null check (severity in ('critical', 'warning', 'info')),
  -- The worst it has been: only worse than that is told again.
  worst            text not null,
  urgency          text not null check (urgency in ('high', 'low')),
  -- Null when the catalog knows no such service; the sender's own word stays in the signal.
  service          text,
  team             text,
  tier             smallint,
  title            text not null,
  -- The newest signal as it was read: labels, annotations, links, the sender's words.
  signal           jsonb not null,
  started_at       timestamptz not null,
  opened_at        timestamptz not null default mainstay_now(),
  last_seen_at     timestamptz not null,
  -- Until when it holds unless repeated, and whether the sender said so; null means until it is resolved.
  lease_until      timestamptz,
  lease_given      boolean,
  -- Signals taken into this episode.
  count            bigint not null default 1,
  answered_by      text,
  answered_at      timestamptz,
  snoozed_until    timestamptz,
  -- The first acknowledgement, for response times.
  acknowledged_at  timestamptz,
  ended_at         timestamptz,
  -- Explicit end, expiry, a silent sender and a person are different ends.
  ended            text check (ended in ('resolved', 'expired', 'silent', 'closed')),
  incident_id      uuid,
  silenced_by      uuid,
  version          integer not null default 1
);
-- One open episode for a source and key, whoever takes the signal in.
create unique index alerts_open on alerts (source, key) where status <> 'resolved';
-- The newest episode of a key, open or ended.
create index alerts_by_key on alerts (source, key, opened_at desc);
create index alerts_by_status on alerts (status, opened_at desc, id desc);
create index alerts_by_service on alerts (service, opened_at desc, id desc);
create index alerts_running_out on alerts (lease_until) where status <> 'resolved' and lease_until is not null;
create index alerts_snoozed on alerts (snoozed_until) where status = 'snoozed';
create index alerts_silenced on alerts (key) where status <> 'resolved' and silenced_by is not null;
create index alerts_by_incident on alerts (incident_id) where incident_id is not null;

-- Why each thing happened or did not, per alert, in order. Kept 90 days.
create table alert_trace (
  id        bigint generated always as identity primary key,
  alert_id  uuid not null references alerts (id) on delete cascade,
  at        timestamptz not null default mainstay_now(),
  rule      text not null,
  verdict   text not null,
  because   text not null
);
create index alert_trace_by_alert on alert_trace (alert_id, id);

-- What a sender said that could not be understood: kept and shown, never dropped.
create table orphan_signals (
  id           bigint generated always as identity primary key,
  received_at  timestamptz not null default mainstay_now(),
  source       text not null,
  because      text not null,
  body         text not null
);
create index orphan_signals_by_time on orphan_signals (received_at desc);

create table silences (
  id          uuid primary key,
  -- Sets of matchers: any set may match, within a set every matcher must.
  sets        jsonb not null,
  starts_at   timestamptz not null,
  ends_at     timestamptz not null,
  created_by  text not null,
  reason      text not null,
  created_at  timestamptz not null default mainstay_now()
);
create index silences_by_end on silences (ends_at);
