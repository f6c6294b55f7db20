-- Probes of several kinds, run in batches: each row says when it is due, so that a thousand checks cost one round of work.
alter table probes add column due_at timestamptz not null default mainstay_now();
-- Taken by a process until then; another takes it over afterwards.
alter table probes add column taken_until timestamptz;
-- Heartbeats: the last sign of life {at, good, note}, and the end of the last look.
alter table probes add column last_beat jsonb;
create index probes_by_due on probes (due_at);
update probes set check_spec = check_spec || '{"kind": "http", "redirects": 0, "expectHeaders": {}, "bodyMatches": null}';

-- What a person looks at when a check was bad: the start of the answer, the way of its redirects, the certificate.
alter table probe_results add column evidence jsonb not null default '{}';
