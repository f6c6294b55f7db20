-- The picture the migrations must produce. Made by `npm run golden`; read the difference, never edit it.

CREATE OR REPLACE FUNCTION public.journal_horizon()
 RETURNS xid8
 LANGUAGE sql
 STABLE
AS $function$
  select coalesce(
    -- No min(): PostgreSQL 13 and 14 have none for xid8.
    (select running from pg_snapshot_xip(pg_current_snapshot()) as running
     where not exists (
       select from pg_locks held join pg_stat_activity session on session.pid = held.pid
       where held.locktype = 'transactionid' and held.mode = 'ExclusiveLock' and held.granted
         and held.transactionid = running::xid
         and session.datid <> (select oid from pg_database where datname = current_database()))
     order by running limit 1),
    pg_snapshot_xmax(pg_current_snapshot()))
$function$;

CREATE OR REPLACE FUNCTION public.journal_refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  raise exception '% is append-only: % is refused', tg_table_name, lower(tg_op) using errcode = 'insufficient_privilege';
end $function$;

CREATE OR REPLACE FUNCTION public.learning_forget_actions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from problem_actions p using gone where p.action_id = gone.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.learning_forget_incidents()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from incident_classes c using gone where c.incident_id = gone.id;
  delete from incident_repeats r using gone where r.incident_id = gone.id or r.earlier_id = gone.id;
  delete from problem_incidents p using gone where p.incident_id = gone.id;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.learnt_follow()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  its_thing uuid;
  its_part text := '';
begin
  if tg_table_name = 'journal' then
    perform learnt_read('incident', new.subject_id::uuid, '', false);
    return null;
  elsif tg_table_name = 'postmortem_sections' then
    its_thing := new.postmortem_id;
    its_part := new.section;
  else
    its_thing := new.id;
    its_part := case tg_argv[0] when 'postmortem' then 'factors' else '' end;
  end if;
  -- An import brings the words before most of the texts.
  if tg_op = 'INSERT' and exists (select from learnt_texts t where t.thing = its_thing and t.part = its_part) then
    return null;
  end if;
  perform learnt_read(tg_argv[0], its_thing, its_part, false);
  if tg_table_name = 'postmortems' and tg_op = 'UPDATE' then
    if (old.title, old.services) is distinct from (new.title, new.services) then
      perform learnt_read('postmortem', s.postmortem_id, s.section, false) from postmortem_sections s where s.postmortem_id = new.id;
      perform learnt_read('action', a.id, '', false) from corrective_actions a where a.postmortem_id = new.id;
    end if;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.learnt_forget()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if tg_table_name = 'postmortem_sections' then
    delete from learnt_texts where thing = old.postmortem_id and part = old.section;
  else
    delete from learnt_texts where thing = old.id;
  end if;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.learnt_matches(query tsquery, hidden uuid[], most bigint)
 RETURNS TABLE(thing uuid, part text)
 LANGUAGE sql
 STABLE ROWS 100
 SET enable_seqscan TO 'off'
AS $function$
  select t.thing, t.part from learnt_texts t
  where t.words @@ $1 and not t.of_id in (select unnest($2)) limit $3
$function$;

CREATE OR REPLACE FUNCTION public.learnt_open()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  -- An import brings the words before most of the texts.
  insert into learnt_texts (thing, part, kind, of_id, services, at, words)
  values (new.id, '', 'incident', new.id, new.services, new.declared_at,
    learnt_words(new.title || ' ' || coalesce(new.impact_statement, ''))
      || array_to_tsvector(array['=incident'] || array(select distinct '@' || each from unnest(new.services) as each)))
  on conflict on constraint learnt_texts_pkey do nothing;
  return null;
end $function$;

CREATE OR REPLACE FUNCTION public.learnt_read(wanted text, thing uuid, part text, first boolean)
 RETURNS void
 LANGUAGE sql
AS $function$
  insert into learnt_texts (thing, part, kind, of_id, services, at, words)
  select $2, $3, $1, s.of_id, s.services, s.at, learnt_words(s.title || ' ' || coalesce(s.body, ''))
      || array_to_tsvector(array['=' || $1] || array(select distinct '@' || each from unnest(s.services) as each))
    from learnt_source($1, $2, $3) s
  on conflict on constraint learnt_texts_pkey do update
    set of_id = excluded.of_id, services = excluded.services, at = excluded.at, words = excluded.words where not $4
$function$;

CREATE OR REPLACE FUNCTION public.learnt_read_older(most integer)
 RETURNS bigint
 LANGUAGE sql
AS $function$
  with taken as (
    delete from learnt_unread where ctid = any(array(select ctid from learnt_unread order by at desc limit $1 for update skip locked))
    returning kind, thing, part)
  select count(*) from (select learnt_read(kind, thing, part, true) from taken) as read
$function$;

CREATE OR REPLACE FUNCTION public.learnt_source(wanted text, thing uuid, part text)
 RETURNS TABLE(page uuid, of_id uuid, number bigint, title text, body text, services text[], at timestamp with time zone)
 LANGUAGE sql
 STABLE
AS $function$
  select i.id, i.id, i.number, i.title, concat_ws('. ', i.impact_statement, (select string_agg(j.reason, '. ' order by j.id)
      from journal j where j.subject_kind = 'incident' and j.subject_id = i.id::text and j.type = 'incident.resolved')), i.services, i.declared_at
    from incidents i where $1 = 'incident' and i.id = $2
  union all
  select p.id, p.incident_id, p.number, p.title, s.body, p.services, s.updated_at
    from postmortem_sections s join postmortems p on p.id = s.postmortem_id
    where $1 = 'postmortem' and s.postmortem_id = $2 and s.section = $3
  union all
  select p.id, p.incident_id, p.number, p.title, (select string_agg(each->>'text', '. ') from jsonb_array_elements(p.factors) as each),
      p.services, p.opened_at
    from postmortems p where $1 = 'postmortem' and $3 = 'factors' and p.id = $2
  union all
  select p.id, a.incident_id, a.number, a.title, '', p.services, a.created_at
    from corrective_actions a join postmortems p on p.id = a.postmortem_id where $1 = 'action' and a.id = $2
  union all
  select p.id, p.id, p.number, p.title, concat_ws('. ', p.cause, p.workaround, p.plan), p.services, p.opened_at
    from problems p where $1 = 'problem' and p.id = $2
$function$;

CREATE OR REPLACE FUNCTION public.learnt_words(text)
 RETURNS tsvector
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select to_tsvector('simple'::regconfig, translate(left($1, 100000), $s$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$s$, repeat(' ', 32)))
$function$;

CREATE OR REPLACE FUNCTION public.mainstay_now()
 RETURNS timestamp with time zone
 LANGUAGE sql
 STABLE PARALLEL SAFE
AS $function$select date_trunc('milliseconds', clock_timestamp())$function$;

CREATE OR REPLACE FUNCTION public.resources_stamp_anew()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if current_setting('mainstay.resources_stamped', true) is distinct from 'yes' then
    update resources_stamp set stamp = gen_random_uuid();
    perform set_config('mainstay.resources_stamped', 'yes', true);
  end if;
  return null;
end $function$;

create table agreement_statements (
  name text not null,
  period_start timestamp with time zone not null,
  period_end timestamp with time zone not null,
  settled_at timestamp with time zone not null,
  settled_by text not null,
  reason text,
  statement jsonb not null,
  constraint agreement_statements_pkey PRIMARY KEY (name, period_start, period_end)
);
grant delete, insert, select, update on agreement_statements to mainstay_app;

create table agreement_states (
  name text not null,
  period_start timestamp with time zone not null,
  as_of timestamp with time zone not null,
  verdict text not null,
  warned text[] not null default '{}'::text[],
  due text[] not null default '{}'::text[],
  view jsonb not null,
  version integer,
  constraint agreement_states_pkey PRIMARY KEY (name),
  constraint agreement_states_verdict_check CHECK ((verdict = ANY (ARRAY['kept'::text, 'missed'::text, 'open'::text])))
);
grant delete, insert, select, update on agreement_states to mainstay_app;

create table agreements (
  name text not null,
  definition jsonb not null,
  version integer not null default 1,
  effective_at timestamp with time zone not null default mainstay_now(),
  declared_at timestamp with time zone not null default mainstay_now(),
  constraint agreements_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on agreements to mainstay_app;

create table alert_labels (
  alert_id uuid not null,
  fingerprint text collate "C" not null,
  labels jsonb not null,
  constraint alert_labels_pkey PRIMARY KEY (alert_id),
  constraint alert_labels_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE
);
CREATE INDEX alert_labels_by_fingerprint ON public.alert_labels USING btree (fingerprint);
CREATE INDEX alert_labels_by_label ON public.alert_labels USING gin (labels jsonb_path_ops) WITH (fastupdate=off);
grant delete, insert, select, update on alert_labels to mainstay_app;

create table alert_leases (
  alert_id uuid not null,
  identity uuid not null,
  content uuid not null,
  last_seen_at timestamp with time zone not null,
  lease_until timestamp with time zone,
  lease_given boolean,
  count bigint not null,
  constraint alert_leases_identity_key UNIQUE (identity),
  constraint alert_leases_pkey PRIMARY KEY (alert_id),
  constraint alert_leases_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE
);
alter table alert_leases set (fillfactor=50);
grant delete, insert, select, update on alert_leases to mainstay_app;

create table alert_names (
  one boolean not null default true,
  salt uuid not null default gen_random_uuid(),
  constraint alert_names_pkey PRIMARY KEY (one),
  constraint alert_names_one_check CHECK (one)
);
grant delete, insert, select, update on alert_names to mainstay_app;

create table alert_outcomes (
  alert_id uuid not null,
  rule text,
  service text,
  team text,
  severity text not null,
  opened_at timestamp with time zone not null,
  ended_at timestamp with time zone not null,
  ended text not null,
  told_at timestamp with time zone,
  answered boolean not null,
  useful boolean,
  has_runbook boolean not null,
  constraint alert_outcomes_pkey PRIMARY KEY (alert_id),
  constraint alert_outcomes_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE
);
CREATE INDEX alert_outcomes_by_rule ON public.alert_outcomes USING btree (rule, opened_at);
CREATE INDEX alert_outcomes_by_time ON public.alert_outcomes USING btree (opened_at);
grant delete, insert, select, update on alert_outcomes to mainstay_app;

create table alert_routing (
  only_one boolean not null default true,
  text text not null,
  version integer not null,
  changed_by text not null,
  changed_at timestamp with time zone not null default mainstay_now(),
  timing text not null default 'at-once'::text,
  critical_at_once boolean not null default false,
  constraint alert_routing_pkey PRIMARY KEY (only_one),
  constraint alert_routing_only_one_check CHECK (only_one),
  constraint alert_routing_timing_check CHECK ((timing = ANY (ARRAY['as-written'::text, 'no-interval'::text, 'at-once'::text])))
);
grant delete, insert, select, update on alert_routing to mainstay_app;

create table alert_trace (
  id bigint not null generated always as identity,
  alert_id uuid not null,
  at timestamp with time zone not null default mainstay_now(),
  rule text not null,
  verdict text not null,
  because text not null,
  more jsonb,
  constraint alert_trace_pkey PRIMARY KEY (id),
  constraint alert_trace_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE
);
CREATE INDEX alert_trace_by_alert ON public.alert_trace USING btree (alert_id, id);
grant delete, insert, select, update on alert_trace to mainstay_app;

create table alert_turns (
  alert_id uuid not null,
  task text not null,
  rank smallint not null,
  due_at timestamp with time zone not null default mainstay_now(),
  failures smallint not null default 0,
  pause_ms integer,
  paused boolean not null default false,
  constraint alert_turns_pkey PRIMARY KEY (alert_id, task),
  constraint alert_turns_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE,
  constraint alert_turns_task_check CHECK ((task = ANY (ARRAY['tell'::text, 'end'::text])))
);
CREATE INDEX alert_turns_next ON public.alert_turns USING btree (rank, due_at);
grant delete, insert, select, update on alert_turns to mainstay_app;

create table alerts (
  id uuid not null,
  number bigint not null generated always as identity,
  source text not null,
  key text not null,
  status text not null,
  severity text not null,
  worst text not null,
  urgency text not null,
  service text,
  team text,
  tier smallint,
  title text not null,
  signal jsonb not null,
  started_at timestamp with time zone not null,
  opened_at timestamp with time zone not null default mainstay_now(),
  last_seen_at timestamp with time zone not null,
  count bigint not null default 1,
  answered_by text,
  answered_at timestamp with time zone,
  snoozed_until timestamp with time zone,
  acknowledged_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended text,
  incident_id uuid,
  silenced_by uuid,
  version integer not null default 1,
  paged_with uuid,
  paged_with_number bigint,
  held_because text,
  told_at timestamp with time zone,
  useful boolean,
  rated_by text,
  rated_at timestamp with time zone,
  flapping boolean not null default false,
  constraint alerts_pkey PRIMARY KEY (id),
  constraint alerts_ended_check CHECK ((ended = ANY (ARRAY['resolved'::text, 'expired'::text, 'silent'::text, 'closed'::text]))),
  constraint alerts_held_because_check CHECK ((held_because = ANY (ARRAY['inhibited'::text, 'muted'::text, 'nobody'::text]))),
  constraint alerts_severity_check CHECK ((severity = ANY (ARRAY['critical'::text, 'warning'::text, 'info'::text]))),
  constraint alerts_status_check CHECK ((status = ANY (ARRAY['firing'::text, 'acknowledged'::text, 'snoozed'::text, 'resolved'::text]))),
  constraint alerts_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text])))
);
CREATE INDEX alerts_by_incident ON public.alerts USING btree (incident_id) WHERE (incident_id IS NOT NULL);
CREATE INDEX alerts_by_key ON public.alerts USING btree (source, key, opened_at DESC);
CREATE INDEX alerts_by_number ON public.alerts USING btree (number);
CREATE INDEX alerts_by_service ON public.alerts USING btree (service, opened_at DESC, id DESC);
CREATE INDEX alerts_by_status ON public.alerts USING btree (status, opened_at DESC, id DESC);
CREATE INDEX alerts_held ON public.alerts USING btree (key) WHERE ((held_because IS NOT NULL) AND (status <> 'resolved'::text));
CREATE UNIQUE INDEX alerts_open ON public.alerts USING btree (source, key) WHERE (status <> 'resolved'::text);
CREATE INDEX alerts_paged_with ON public.alerts USING btree (paged_with) WHERE (paged_with IS NOT NULL);
CREATE INDEX alerts_silenced ON public.alerts USING btree (key) WHERE ((status <> 'resolved'::text) AND (silenced_by IS NOT NULL));
CREATE INDEX alerts_silenced_since ON public.alerts USING btree (silenced_by, opened_at) WHERE (silenced_by IS NOT NULL);
CREATE INDEX alerts_snoozed ON public.alerts USING btree (snoozed_until) WHERE (status = 'snoozed'::text);
grant delete, insert, select, update on alerts to mainstay_app;

create table anomalies (
  id uuid not null,
  service text not null,
  signal text not null,
  objective text not null,
  began_at timestamp with time zone not null,
  found_at timestamp with time zone not null default mainstay_now(),
  ended_at timestamp with time zone,
  ended_because text,
  value double precision not null,
  usual double precision not null,
  score double precision not null,
  sentence text not null,
  alerted boolean not null default false,
  constraint anomalies_pkey PRIMARY KEY (id),
  constraint anomalies_ended_because_check CHECK ((ended_because = ANY (ARRAY['back'::text, 'learnt'::text, 'unmeasured'::text, 'gone'::text])))
);
CREATE INDEX anomalies_by_service ON public.anomalies USING btree (service, began_at DESC, id DESC);
CREATE INDEX anomalies_by_time ON public.anomalies USING btree (began_at DESC, id DESC);
CREATE UNIQUE INDEX anomalies_open ON public.anomalies USING btree (service, signal, objective) WHERE (ended_at IS NULL);
grant delete, insert, select, update on anomalies to mainstay_app;

create table anomaly_series (
  service text not null,
  signal text not null,
  objective text not null,
  fed_until bigint not null,
  last_at bigint,
  points bigint not null default 0,
  time_zone text not null default 'UTC'::text,
  state text,
  constraint anomaly_series_pkey PRIMARY KEY (service, signal, objective),
  constraint anomaly_series_signal_check CHECK ((signal = ANY (ARRAY['traffic'::text, 'errors'::text, 'latency'::text])))
);
alter table anomaly_series set (fillfactor=70);
CREATE INDEX anomaly_series_by_feed ON public.anomaly_series USING btree (fed_until DESC);
grant delete, insert, select, update on anomaly_series to mainstay_app;

create table anomaly_watches (
  name text not null,
  service text not null,
  mode text not null,
  sensitivity text not null,
  severity text not null,
  signals text[] not null,
  time_zone text not null,
  constraint anomaly_watches_pkey PRIMARY KEY (name),
  constraint anomaly_watches_mode_check CHECK ((mode = ANY (ARRAY['alert'::text, 'hint'::text, 'off'::text]))),
  constraint anomaly_watches_sensitivity_check CHECK ((sensitivity = ANY (ARRAY['hint'::text, 'eager'::text]))),
  constraint anomaly_watches_severity_check CHECK ((severity = ANY (ARRAY['info'::text, 'warning'::text])))
);
CREATE INDEX anomaly_watches_by_service ON public.anomaly_watches USING btree (service, name);
grant delete, insert, select, update on anomaly_watches to mainstay_app;

create table api_keys (
  id uuid not null,
  name text not null,
  prefix text not null,
  secret_hash bytea not null,
  last4 text not null,
  role text not null,
  scopes text[] not null,
  teams text[] not null default '{}'::text[],
  service boolean not null default false,
  created_by uuid,
  created_at timestamp with time zone not null default mainstay_now(),
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  revoked_at timestamp with time zone,
  constraint api_keys_prefix_key UNIQUE (prefix),
  constraint api_keys_pkey PRIMARY KEY (id),
  constraint api_keys_created_by_fkey FOREIGN KEY (created_by) REFERENCES people(id),
  constraint api_keys_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'responder'::text, 'editor'::text, 'admin'::text])))
);
CREATE INDEX api_keys_of_person ON public.api_keys USING btree (created_by);
grant delete, insert, select, update on api_keys to mainstay_app;

create table budget_acts (
  episode_id uuid not null,
  "position" integer not null,
  kind text not null,
  at timestamp with time zone not null,
  sentence text not null,
  constraint budget_acts_pkey PRIMARY KEY (episode_id, "position"),
  constraint budget_acts_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES budget_episodes(id) ON DELETE CASCADE,
  constraint budget_acts_kind_check CHECK ((kind = ANY (ARRAY['notify'::text, 'open-task'::text, 'require-approval'::text, 'freeze-changes'::text])))
);
grant delete, insert, select, update on budget_acts to mainstay_app;

create table budget_cause_days (
  objective text not null,
  day date not null,
  method text not null,
  total bigint not null,
  spent jsonb not null,
  attributed_at timestamp with time zone not null,
  constraint budget_cause_days_pkey PRIMARY KEY (objective, day)
);
grant delete, insert, select, update on budget_cause_days to mainstay_app;

create table budget_episodes (
  id uuid not null,
  policy text not null,
  objective text not null,
  service text not null,
  step text not null,
  cause text not null default ''::text,
  cause_label text not null default ''::text,
  reading double precision not null,
  sentence text not null,
  entered_at timestamp with time zone not null,
  clear_since timestamp with time zone,
  left_at timestamp with time zone,
  left_because text,
  constraint budget_episodes_pkey PRIMARY KEY (id)
);
CREATE INDEX budget_episodes_by_objective ON public.budget_episodes USING btree (objective, entered_at DESC, id);
CREATE UNIQUE INDEX budget_episodes_open ON public.budget_episodes USING btree (policy, objective, step, cause) WHERE (left_at IS NULL);
grant delete, insert, select, update on budget_episodes to mainstay_app;

create table budget_looks (
  policy text not null,
  objective text not null,
  as_of timestamp with time zone not null,
  constraint budget_looks_pkey PRIMARY KEY (policy, objective)
);
grant delete, insert, select, update on budget_looks to mainstay_app;

create table budget_policies (
  name text not null,
  definition jsonb not null,
  saved_at timestamp with time zone not null default mainstay_now(),
  constraint budget_policies_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on budget_policies to mainstay_app;

create table budget_tasks (
  id uuid not null,
  episode_id uuid not null,
  policy text not null,
  objective text not null,
  service text not null,
  title text not null,
  because text not null,
  owner_kind text not null,
  owner text,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  state text not null default 'open'::text,
  closed_at timestamp with time zone,
  closed_by text,
  note text,
  constraint budget_tasks_pkey PRIMARY KEY (id),
  constraint budget_tasks_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES budget_episodes(id) ON DELETE CASCADE,
  constraint budget_tasks_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['person'::text, 'team'::text]))),
  constraint budget_tasks_state_check CHECK ((state = ANY (ARRAY['open'::text, 'done'::text, 'dropped'::text])))
);
CREATE INDEX budget_tasks_by_state ON public.budget_tasks USING btree (state, due_at, id);
grant delete, insert, select, update on budget_tasks to mainstay_app;

create table bundles (
  id uuid not null,
  person text not null,
  urgency text not null,
  due_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint bundles_pkey PRIMARY KEY (id)
);
CREATE INDEX bundles_by_person ON public.bundles USING btree (person, due_at);
CREATE INDEX bundles_by_time ON public.bundles USING btree (created_at, id);
CREATE INDEX bundles_open ON public.bundles USING btree (person) WHERE (closed_at IS NULL);
grant delete, insert, select, update on bundles to mainstay_app;

create table calendar_feeds (
  id uuid not null,
  kind text not null,
  name text not null,
  token_hash bytea not null,
  created_by text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  last_read_at timestamp with time zone,
  constraint calendar_feeds_token_hash_key UNIQUE (token_hash),
  constraint calendar_feeds_pkey PRIMARY KEY (id),
  constraint calendar_feeds_kind_check CHECK ((kind = ANY (ARRAY['person'::text, 'schedule'::text, 'team'::text])))
);
CREATE INDEX calendar_feeds_by_creator ON public.calendar_feeds USING btree (created_by);
grant delete, insert, select, update on calendar_feeds to mainstay_app;

create table change_exceptions (
  id uuid not null,
  service text not null,
  policy text,
  reason text not null,
  asked_by text not null,
  asked_at timestamp with time zone not null,
  approver text,
  approved_by text,
  approved_at timestamp with time zone,
  starts_at timestamp with time zone not null,
  until timestamp with time zone not null,
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  withdrawn_reason text,
  constraint change_exceptions_pkey PRIMARY KEY (id)
);
CREATE INDEX change_exceptions_by_service ON public.change_exceptions USING btree (service, until DESC, id);
CREATE INDEX change_exceptions_by_time ON public.change_exceptions USING btree (asked_at DESC, id DESC);
grant delete, insert, select, update on change_exceptions to mainstay_app;

create table change_holds (
  id uuid not null,
  episode_id uuid not null,
  kind text not null,
  service text not null,
  policy text not null,
  objective text not null,
  step text not null,
  sentence text not null,
  ends_when text not null,
  allows text[] not null default '{}'::text[],
  approvers jsonb not null,
  since timestamp with time zone not null,
  until timestamp with time zone,
  ended_at timestamp with time zone,
  ended_because text,
  constraint change_holds_pkey PRIMARY KEY (id),
  constraint change_holds_episode_id_fkey FOREIGN KEY (episode_id) REFERENCES budget_episodes(id) ON DELETE CASCADE,
  constraint change_holds_kind_check CHECK ((kind = ANY (ARRAY['freeze'::text, 'approval'::text])))
);
CREATE INDEX change_holds_by_service ON public.change_holds USING btree (service, since DESC, id);
CREATE INDEX change_holds_open ON public.change_holds USING btree (since DESC, id) WHERE (ended_at IS NULL);
grant delete, insert, select, update on change_holds to mainstay_app;

create table changes (
  id uuid not null,
  source text not null,
  external_id text not null,
  service text not null,
  kind text not null,
  version text,
  summary text not null,
  link text,
  at timestamp with time zone not null,
  recorded_at timestamp with time zone not null default mainstay_now(),
  constraint changes_source_external_id_key UNIQUE (source, external_id),
  constraint changes_pkey PRIMARY KEY (id)
);
CREATE INDEX changes_by_service ON public.changes USING btree (service, at DESC, id DESC);
CREATE INDEX changes_by_time ON public.changes USING btree (at DESC, id DESC);
grant delete, insert, select, update on changes to mainstay_app;

create table channel_connections (
  kind text not null,
  settings text not null,
  shown jsonb not null,
  updated_by text not null,
  updated_at timestamp with time zone not null default mainstay_now(),
  constraint channel_connections_pkey PRIMARY KEY (kind),
  constraint channel_connections_kind_check CHECK ((kind = ANY (ARRAY['slack'::text, 'telegram'::text, 'mattermost'::text, 'teams'::text, 'twilio'::text])))
);
grant delete, insert, select, update on channel_connections to mainstay_app;

create table channel_messages (
  handle text not null,
  key text not null,
  contact text not null,
  ref jsonb,
  seen_at timestamp with time zone,
  fate text,
  wanted text,
  written text,
  edit_attempts integer not null default 0,
  edit_outcome text,
  edit_because text,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint channel_messages_key_key UNIQUE (key),
  constraint channel_messages_pkey PRIMARY KEY (handle),
  constraint channel_messages_key_fkey FOREIGN KEY (key) REFERENCES deliveries(key) ON DELETE CASCADE
);
CREATE INDEX channel_messages_by_contact ON public.channel_messages USING btree (contact, created_at DESC);
grant delete, insert, select, update on channel_messages to mainstay_app;

create table chat_inbox (
  provider text not null,
  key text not null,
  payload jsonb not null,
  received_at timestamp with time zone not null default mainstay_now(),
  handled_at timestamp with time zone,
  answer text,
  answer_to jsonb,
  constraint chat_inbox_pkey PRIMARY KEY (provider, key)
);
CREATE INDEX chat_inbox_received ON public.chat_inbox USING btree (received_at);
grant delete, insert, select, update on chat_inbox to mainstay_app;

create table chat_kept (
  room_id uuid not null,
  kind text not null,
  ref text not null,
  constraint chat_kept_pkey PRIMARY KEY (room_id, kind, ref),
  constraint chat_kept_room_id_fkey FOREIGN KEY (room_id) REFERENCES chat_rooms(id) ON DELETE CASCADE,
  constraint chat_kept_kind_check CHECK ((kind = ANY (ARRAY['said'::text, 'pinned'::text])))
);
grant delete, insert, select, update on chat_kept to mainstay_app;

create table chat_links (
  provider text not null,
  away_since timestamp with time zone,
  next_try_at timestamp with time zone,
  failures integer not null default 0,
  because text,
  socket_seen_at timestamp with time zone,
  constraint chat_links_pkey PRIMARY KEY (provider)
);
grant delete, insert, select, update on chat_links to mainstay_app;

create table chat_people (
  provider text not null,
  user_id text not null,
  name text not null,
  email text,
  because text,
  looked_at timestamp with time zone not null,
  contact text,
  constraint chat_people_pkey PRIMARY KEY (provider, user_id)
);
grant delete, insert, select, update on chat_people to mainstay_app;

create table chat_rooms (
  id uuid not null,
  incident_id text not null,
  incident_number integer not null,
  provider text not null,
  is_private boolean not null,
  state text not null,
  place text,
  name text,
  url text,
  name_attempt integer not null default 1,
  summary_ref text,
  summary text,
  is_pinned boolean not null default false,
  topic text,
  invited text[] not null default '{}'::text[],
  told_to bigint not null default 0,
  under_way jsonb,
  wanted integer not null default 1,
  next_post_at timestamp with time zone,
  archive_at timestamp with time zone,
  fault text,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint chat_rooms_pkey PRIMARY KEY (id),
  constraint chat_rooms_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'open'::text, 'leaving'::text, 'archived'::text])))
);
CREATE INDEX chat_rooms_by_incident ON public.chat_rooms USING btree (incident_id);
CREATE INDEX chat_rooms_by_place ON public.chat_rooms USING btree (provider, place) WHERE (place IS NOT NULL);
CREATE UNIQUE INDEX chat_rooms_of_incident ON public.chat_rooms USING btree (incident_id, provider) WHERE (state = ANY (ARRAY['wanted'::text, 'open'::text]));
grant delete, insert, select, update on chat_rooms to mainstay_app;

create table contacts (
  id text not null,
  person text not null,
  kind text not null,
  label text not null,
  address text not null,
  fingerprint text not null,
  verified_at timestamp with time zone,
  code_hash text,
  code_expires_at timestamp with time zone,
  code_guesses smallint not null default 0,
  disabled_at timestamp with time zone,
  disabled_because text,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint contacts_person_kind_fingerprint_key UNIQUE (person, kind, fingerprint),
  constraint contacts_pkey PRIMARY KEY (id),
  constraint contacts_kind_check CHECK ((kind = ANY (ARRAY['webpush'::text, 'telegram'::text, 'ntfy'::text, 'sms'::text, 'voice'::text, 'slack'::text, 'teams'::text, 'mattermost'::text, 'discord'::text, 'email'::text, 'webhook'::text])))
);
grant delete, insert, select, update on contacts to mainstay_app;

create table corrective_actions (
  id uuid not null,
  number bigint not null generated always as identity,
  postmortem_id uuid not null,
  incident_id uuid not null,
  title text not null,
  kind text not null,
  owner text not null,
  due_at timestamp with time zone not null,
  state text not null,
  signal jsonb,
  proving_since timestamp with time zone,
  proven_at timestamp with time zone,
  seen text,
  reopened integer not null default 0,
  created_by text not null,
  created_at timestamp with time zone not null,
  version integer not null default 1,
  size text,
  constraint corrective_actions_number_key UNIQUE (number),
  constraint corrective_actions_pkey PRIMARY KEY (id),
  constraint corrective_actions_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE,
  constraint corrective_actions_kind_check CHECK ((kind = ANY (ARRAY['detect'::text, 'mitigate'::text, 'prevent'::text, 'process'::text]))),
  constraint corrective_actions_size_check CHECK ((size = ANY (ARRAY['S'::text, 'M'::text, 'L'::text]))),
  constraint corrective_actions_state_check CHECK ((state = ANY (ARRAY['open'::text, 'proving'::text, 'proven'::text, 'dropped'::text])))
);
CREATE INDEX corrective_actions_by_postmortem ON public.corrective_actions USING btree (postmortem_id, number);
CREATE INDEX corrective_actions_by_state ON public.corrective_actions USING btree (state, due_at, id);
CREATE TRIGGER learning_forget AFTER DELETE ON public.corrective_actions REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION learning_forget_actions();
CREATE TRIGGER learnt_changed AFTER UPDATE ON public.corrective_actions FOR EACH ROW WHEN ((old.title IS DISTINCT FROM new.title)) EXECUTE FUNCTION learnt_follow('action');
CREATE TRIGGER learnt_gone AFTER DELETE ON public.corrective_actions FOR EACH ROW EXECUTE FUNCTION learnt_forget();
CREATE TRIGGER learnt_new AFTER INSERT ON public.corrective_actions FOR EACH ROW EXECUTE FUNCTION learnt_follow('action');
grant delete, insert, select, update on corrective_actions to mainstay_app;

create table correlation_pairs (
  id uuid not null,
  one_service text not null,
  one_rule text not null,
  other_service text not null,
  other_rule text not null,
  verdict text not null,
  because text not null,
  said_by text not null,
  said_at timestamp with time zone not null,
  until timestamp with time zone not null,
  regrouping_id uuid,
  used integer not null default 0,
  used_at timestamp with time zone,
  constraint correlation_pairs_one_service_one_rule_other_service_other__key UNIQUE (one_service, one_rule, other_service, other_rule),
  constraint correlation_pairs_pkey PRIMARY KEY (id),
  constraint correlation_pairs_regrouping_id_fkey FOREIGN KEY (regrouping_id) REFERENCES incident_regroupings(id) ON DELETE SET NULL,
  constraint correlation_pairs_verdict_check CHECK ((verdict = ANY (ARRAY['apart'::text, 'together'::text])))
);
CREATE INDEX correlation_pairs_by_other ON public.correlation_pairs USING btree (other_service, other_rule);
CREATE INDEX correlation_pairs_by_regrouping ON public.correlation_pairs USING btree (regrouping_id);
grant delete, insert, select, update on correlation_pairs to mainstay_app;

create table deliveries (
  key text not null,
  purpose text not null,
  page_id uuid not null,
  alert_id uuid,
  service text,
  step integer not null,
  plan_order integer not null,
  person text,
  contact text not null,
  kind text not null,
  urgency text not null,
  because text not null,
  content jsonb not null,
  zone text not null,
  plan jsonb not null default '[]'::jsonb,
  phase text not null,
  due_at timestamp with time zone,
  ended_at timestamp with time zone,
  ended_because text,
  receipt text,
  attempts integer not null default 0,
  first_attempt_at timestamp with time zone,
  copies integer not null default 0,
  stopped text,
  created_at timestamp with time zone not null default mainstay_now(),
  webhook text,
  constraint deliveries_pkey PRIMARY KEY (key),
  constraint deliveries_phase_check CHECK ((phase = ANY (ARRAY['pending'::text, 'sending'::text, 'sent'::text, 'failed'::text, 'unknown'::text, 'cancelled'::text]))),
  constraint deliveries_purpose_check CHECK ((purpose = ANY (ARRAY['page'::text, 'bundle'::text, 'changed'::text, 'ended'::text, 'on-call'::text, 'reminder'::text, 'test'::text, 'verify'::text]))) NOT VALID,
  constraint deliveries_receiver_check CHECK (((person IS NULL) <> (webhook IS NULL))) NOT VALID,
  constraint deliveries_urgency_check CHECK ((urgency = ANY (ARRAY['high'::text, 'low'::text])))
);
CREATE INDEX deliveries_by_alert ON public.deliveries USING btree (alert_id) WHERE (alert_id IS NOT NULL);
CREATE INDEX deliveries_by_page ON public.deliveries USING btree (page_id, person);
CREATE INDEX deliveries_by_person ON public.deliveries USING btree (person, created_at DESC, key DESC);
CREATE INDEX deliveries_by_time ON public.deliveries USING btree (created_at DESC, key DESC);
CREATE INDEX deliveries_by_webhook ON public.deliveries USING btree (webhook, created_at DESC, key DESC) WHERE (webhook IS NOT NULL);
CREATE INDEX deliveries_open ON public.deliveries USING btree (due_at) WHERE (phase = ANY (ARRAY['pending'::text, 'sending'::text]));
grant delete, insert, select, update on deliveries to mainstay_app;

create table delivery_attempts (
  key text not null,
  attempt integer not null,
  started_at timestamp with time zone not null default mainstay_now(),
  ended_at timestamp with time zone,
  outcome text,
  because text,
  answer text,
  written boolean,
  constraint delivery_attempts_pkey PRIMARY KEY (key, attempt),
  constraint delivery_attempts_key_fkey FOREIGN KEY (key) REFERENCES deliveries(key)
);
grant delete, insert, select, update on delivery_attempts to mainstay_app;

create table due_work (
  id bigint not null generated always as identity,
  kind text not null,
  key text,
  lane smallint not null,
  due_at timestamp with time zone not null,
  payload jsonb not null,
  attempts integer not null default 0,
  claim uuid,
  claimed_until timestamp with time zone,
  claimed_by text,
  created_at timestamp with time zone not null default mainstay_now(),
  last_error text,
  set_aside_at timestamp with time zone,
  constraint due_work_pkey PRIMARY KEY (id)
);
alter table due_work set (autovacuum_analyze_scale_factor=1, autovacuum_analyze_threshold=5000, autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500, fillfactor=70);
CREATE UNIQUE INDEX due_work_by_key ON public.due_work USING btree (kind, key) WHERE ((key IS NOT NULL) AND (set_aside_at IS NULL));
CREATE INDEX due_work_next ON public.due_work USING btree (lane, due_at, id) WHERE (set_aside_at IS NULL);
CREATE INDEX due_work_set_aside ON public.due_work USING btree (set_aside_at) WHERE (set_aside_at IS NOT NULL);
grant delete, insert, select, update on due_work to mainstay_app;

create table escalations (
  id uuid not null,
  alert_id uuid not null,
  service text,
  policy jsonb not null,
  policy_name text not null,
  chosen text not null,
  urgency text not null,
  severity text not null,
  tier smallint,
  facts jsonb not null,
  state jsonb not null,
  phase text not null,
  next_at timestamp with time zone,
  opened_at timestamp with time zone not null default mainstay_now(),
  closed_at timestamp with time zone,
  constraint escalations_pkey PRIMARY KEY (id),
  constraint escalations_phase_check CHECK ((phase = ANY (ARRAY['escalating'::text, 'exhausted'::text, 'acknowledged'::text, 'snoozed'::text, 'resolved'::text])))
);
CREATE INDEX escalations_by_alert ON public.escalations USING btree (alert_id, opened_at DESC);
CREATE INDEX escalations_by_end ON public.escalations USING btree (closed_at, id) WHERE (closed_at IS NOT NULL);
CREATE INDEX escalations_next ON public.escalations USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE UNIQUE INDEX escalations_open ON public.escalations USING btree (alert_id) WHERE (phase <> 'resolved'::text);
grant delete, insert, select, update on escalations to mainstay_app;

create table idempotency_keys (
  actor text not null,
  key text not null,
  operation text not null,
  body_hash text not null,
  status integer,
  response jsonb,
  created_at timestamp with time zone not null default mainstay_now(),
  claim uuid,
  done_at timestamp with time zone,
  result jsonb,
  written jsonb,
  refusal jsonb,
  constraint idempotency_keys_pkey PRIMARY KEY (actor, key)
);
CREATE INDEX idempotency_keys_old ON public.idempotency_keys USING btree (created_at);
grant delete, insert, select, update on idempotency_keys to mainstay_app;

create table incident_classes (
  incident_id uuid not null,
  factor text not null default ''::text,
  class text not null,
  said_by text not null,
  said_at timestamp with time zone not null,
  constraint incident_classes_pkey PRIMARY KEY (incident_id, factor)
);
CREATE INDEX incident_classes_by_class ON public.incident_classes USING btree (class, incident_id);
grant delete, insert, select, update on incident_classes to mainstay_app;

create table incident_impacts (
  incident_id uuid not null,
  service text not null,
  started_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint incident_impacts_pkey PRIMARY KEY (incident_id, service, started_at),
  constraint incident_impacts_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
grant delete, insert, select, update on incident_impacts to mainstay_app;

create table incident_items (
  id uuid not null,
  incident_id uuid not null,
  kind text not null,
  text text not null,
  state text not null,
  owner text,
  due_at timestamp with time zone,
  reason text,
  evidence jsonb not null default '[]'::jsonb,
  verification jsonb,
  created_by text not null,
  created_at timestamp with time zone not null,
  closed_at timestamp with time zone,
  version integer not null default 1,
  vendor_case jsonb,
  constraint incident_items_pkey PRIMARY KEY (id),
  constraint incident_items_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE,
  constraint incident_items_kind_check CHECK ((kind = ANY (ARRAY['task'::text, 'decision'::text, 'hypothesis'::text, 'mitigation'::text, 'vendor-case'::text]))) NOT VALID
);
CREATE INDEX incident_items_by_incident ON public.incident_items USING btree (incident_id, created_at, id);
grant delete, insert, select, update on incident_items to mainstay_app;

create table incident_pins (
  id uuid not null,
  incident_id uuid not null,
  title text not null,
  objective text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  step_ms bigint not null,
  target double precision,
  points jsonb not null,
  pinned_by text not null,
  pinned_at timestamp with time zone not null,
  constraint incident_pins_pkey PRIMARY KEY (id),
  constraint incident_pins_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
CREATE INDEX incident_pins_by_incident ON public.incident_pins USING btree (incident_id, pinned_at, id);
grant delete, insert, select, update on incident_pins to mainstay_app;

create table incident_regroupings (
  id uuid not null,
  kind text not null,
  from_id uuid not null,
  to_id uuid not null,
  alerts uuid[] not null,
  before jsonb not null,
  reason text not null,
  said_by text not null,
  said_at timestamp with time zone not null,
  undone_by text,
  undone_at timestamp with time zone,
  constraint incident_regroupings_pkey PRIMARY KEY (id),
  constraint incident_regroupings_from_id_fkey FOREIGN KEY (from_id) REFERENCES incidents(id) ON DELETE CASCADE,
  constraint incident_regroupings_to_id_fkey FOREIGN KEY (to_id) REFERENCES incidents(id) ON DELETE CASCADE,
  constraint incident_regroupings_kind_check CHECK ((kind = ANY (ARRAY['split'::text, 'merge'::text])))
);
CREATE INDEX incident_regroupings_from ON public.incident_regroupings USING btree (from_id, said_at);
CREATE INDEX incident_regroupings_to ON public.incident_regroupings USING btree (to_id, said_at);
grant delete, insert, select, update on incident_regroupings to mainstay_app;

create table incident_relations (
  incident_id uuid not null,
  related_id uuid not null,
  reason text not null,
  constraint incident_relations_pkey PRIMARY KEY (incident_id, related_id),
  constraint incident_relations_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE,
  constraint incident_relations_related_id_fkey FOREIGN KEY (related_id) REFERENCES incidents(id) ON DELETE CASCADE
);
grant delete, insert, select, update on incident_relations to mainstay_app;

create table incident_repeats (
  incident_id uuid not null,
  earlier_id uuid not null,
  verdict text not null,
  score double precision not null,
  evidence jsonb not null,
  reason text,
  said_by text not null,
  said_at timestamp with time zone not null,
  constraint incident_repeats_pkey PRIMARY KEY (incident_id, earlier_id),
  constraint incident_repeats_check CHECK ((incident_id <> earlier_id)),
  constraint incident_repeats_verdict_check CHECK ((verdict = ANY (ARRAY['confirmed'::text, 'rejected'::text])))
);
CREATE INDEX incident_repeats_by_earlier ON public.incident_repeats USING btree (earlier_id);
CREATE INDEX incident_repeats_by_time ON public.incident_repeats USING btree (verdict, said_at DESC, incident_id DESC, earlier_id DESC);
grant delete, insert, select, update on incident_repeats to mainstay_app;

create table incident_role_offers (
  incident_id uuid not null,
  role text not null,
  person text not null,
  offered_by text not null,
  offered_at timestamp with time zone not null,
  constraint incident_role_offers_pkey PRIMARY KEY (incident_id, role),
  constraint incident_role_offers_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
grant delete, insert, select, update on incident_role_offers to mainstay_app;

create table incident_roles (
  id bigint not null generated always as identity,
  incident_id uuid not null,
  role text not null,
  person text not null,
  since timestamp with time zone not null,
  until timestamp with time zone,
  constraint incident_roles_pkey PRIMARY KEY (id),
  constraint incident_roles_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
CREATE INDEX incident_roles_by_incident ON public.incident_roles USING btree (incident_id, id);
CREATE UNIQUE INDEX incident_roles_commander ON public.incident_roles USING btree (incident_id) WHERE ((role = 'commander'::text) AND (until IS NULL));
grant delete, insert, select, update on incident_roles to mainstay_app;

create table incident_update_proposals (
  incident_id uuid not null,
  number integer not null,
  audience text not null,
  customer text,
  text text not null,
  next_is_said boolean not null,
  next_in_ms bigint,
  proposed_by text not null,
  proposed_by_id text not null,
  proposed_at timestamp with time zone not null default mainstay_now(),
  decided_by text,
  decided_at timestamp with time zone,
  because text,
  update_number integer,
  withdrawn boolean not null default false,
  constraint incident_update_proposals_pkey PRIMARY KEY (incident_id, number),
  constraint incident_update_proposals_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
grant delete, insert, select, update on incident_update_proposals to mainstay_app;

create table incident_updates (
  id uuid not null,
  incident_id uuid not null,
  number integer not null,
  audience text not null,
  text text not null,
  facts jsonb not null,
  posted_by text not null,
  posted_at timestamp with time zone not null,
  next_at timestamp with time zone,
  customer text,
  approved_by text,
  constraint incident_updates_incident_id_number_key UNIQUE (incident_id, number),
  constraint incident_updates_pkey PRIMARY KEY (id),
  constraint incident_updates_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE,
  constraint incident_updates_audience_check CHECK (((audience = ANY (ARRAY['responders'::text, 'company'::text, 'executives'::text, 'customers'::text, 'customer'::text])) AND ((audience = 'customer'::text) = (customer IS NOT NULL))))
);
grant delete, insert, select, update on incident_updates to mainstay_app;

create table incident_vacancies (
  incident_id uuid not null,
  role text not null,
  since timestamp with time zone not null,
  paged_at timestamp with time zone not null default mainstay_now(),
  rota text,
  because text not null,
  ended_at timestamp with time zone,
  constraint incident_vacancies_pkey PRIMARY KEY (incident_id, role, since),
  constraint incident_vacancies_incident_id_fkey FOREIGN KEY (incident_id) REFERENCES incidents(id) ON DELETE CASCADE
);
grant delete, insert, select, update on incident_vacancies to mainstay_app;

create table incidents (
  id uuid not null,
  number bigint not null generated always as identity,
  title text not null,
  severity text not null,
  severity_reason text not null,
  status text not null,
  services text[] not null default '{}'::text[],
  teams text[] not null default '{}'::text[],
  impact_started_at timestamp with time zone,
  detected_at timestamp with time zone,
  declared_at timestamp with time zone not null default mainstay_now(),
  acknowledged_at timestamp with time zone,
  mitigated_at timestamp with time zone,
  resolved_at timestamp with time zone,
  declared_by text not null,
  automatic boolean not null,
  version integer not null default 1,
  kind text not null default 'normal'::text,
  readers text[] not null default '{}'::text[],
  reviewed_at timestamp with time zone,
  parent_id uuid,
  merged_into uuid,
  impact_statement text,
  next_update_at timestamp with time zone,
  call_url text,
  people_affected bigint,
  impact_regions text[] not null default '{}'::text[],
  impact_customers text[] not null default '{}'::text[],
  first_told_at timestamp with time zone,
  planned_start timestamp with time zone,
  planned_end timestamp with time zone,
  maintenance_id uuid,
  opened_by_rule text,
  opened_by_tier smallint,
  constraint incidents_number_key UNIQUE (number),
  constraint incidents_pkey PRIMARY KEY (id),
  constraint incidents_merged_into_fkey FOREIGN KEY (merged_into) REFERENCES incidents(id) ON DELETE SET NULL,
  constraint incidents_parent_id_fkey FOREIGN KEY (parent_id) REFERENCES incidents(id) ON DELETE SET NULL,
  constraint incidents_kind_check CHECK ((kind = ANY (ARRAY['normal'::text, 'security'::text, 'drill'::text, 'backfilled'::text, 'scheduled'::text]))),
  constraint incidents_people_affected_check CHECK ((people_affected >= 0)),
  constraint incidents_plan_check CHECK (((kind <> 'scheduled'::text) OR ((planned_start IS NOT NULL) AND (planned_end IS NOT NULL) AND (planned_start < planned_end)))),
  constraint incidents_severity_check CHECK ((severity = ANY (ARRAY['SEV1'::text, 'SEV2'::text, 'SEV3'::text, 'SEV4'::text]))),
  constraint incidents_status_check CHECK ((status = ANY (ARRAY['planned'::text, 'triage'::text, 'active'::text, 'mitigated'::text, 'resolved'::text, 'reviewed'::text])))
);
CREATE INDEX incidents_by_parent ON public.incidents USING btree (parent_id) WHERE (parent_id IS NOT NULL);
CREATE INDEX incidents_by_service ON public.incidents USING gin (services);
CREATE INDEX incidents_by_status ON public.incidents USING btree (status, declared_at DESC, id DESC);
CREATE INDEX incidents_by_time ON public.incidents USING btree (declared_at DESC, id DESC);
CREATE UNIQUE INDEX incidents_of_maintenance ON public.incidents USING btree (maintenance_id) WHERE ((kind = 'scheduled'::text) AND (status = ANY (ARRAY['planned'::text, 'active'::text])));
CREATE INDEX incidents_restricted ON public.incidents USING btree (id) WHERE (kind = 'security'::text);
CREATE TRIGGER learning_forget AFTER DELETE ON public.incidents REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION learning_forget_incidents();
CREATE TRIGGER learnt_changed AFTER UPDATE ON public.incidents FOR EACH ROW WHEN ((((old.title IS DISTINCT FROM new.title) OR (old.impact_statement IS DISTINCT FROM new.impact_statement)) OR (old.services IS DISTINCT FROM new.services))) EXECUTE FUNCTION learnt_follow('incident');
CREATE TRIGGER learnt_gone AFTER DELETE ON public.incidents FOR EACH ROW EXECUTE FUNCTION learnt_forget();
CREATE TRIGGER learnt_new AFTER INSERT ON public.incidents FOR EACH ROW EXECUTE FUNCTION learnt_open();
grant delete, insert, select, update on incidents to mainstay_app;

create table intake_minutes (
  source text not null,
  minute timestamp with time zone not null,
  deliveries integer not null default 0,
  signals integer not null default 0,
  counted integer not null default 0,
  orphans integer not null default 0,
  refused integer not null default 0,
  constraint intake_minutes_pkey PRIMARY KEY (source, minute),
  constraint intake_minutes_source_fkey FOREIGN KEY (source) REFERENCES intake_sources(name) ON DELETE CASCADE
);
grant delete, insert, select, update on intake_minutes to mainstay_app;

create table intake_orphans (
  id uuid not null,
  source text not null,
  digest bytea not null,
  because text not null,
  headers jsonb not null,
  body text not null,
  cut boolean not null,
  times integer not null default 1,
  received_at timestamp with time zone not null default mainstay_now(),
  last_at timestamp with time zone not null default mainstay_now(),
  settled_at timestamp with time zone,
  settled_by text,
  settled text,
  constraint intake_orphans_pkey PRIMARY KEY (id),
  constraint intake_orphans_settled_check CHECK ((settled = ANY (ARRAY['understood'::text, 'dismissed'::text, 'displaced'::text])))
);
CREATE INDEX intake_orphans_open ON public.intake_orphans USING btree (source, last_at DESC) WHERE (settled_at IS NULL);
CREATE UNIQUE INDEX intake_orphans_same ON public.intake_orphans USING btree (source, digest) WHERE (settled_at IS NULL);
CREATE INDEX intake_orphans_settled ON public.intake_orphans USING btree (settled_at) WHERE (settled_at IS NOT NULL);
grant delete, insert, select, update on intake_orphans to mainstay_app;

create table intake_samples (
  id bigint not null generated always as identity,
  source text not null,
  received_at timestamp with time zone not null,
  outcome text not null,
  body text not null,
  constraint intake_samples_pkey PRIMARY KEY (id),
  constraint intake_samples_source_fkey FOREIGN KEY (source) REFERENCES intake_sources(name) ON DELETE CASCADE
);
CREATE INDEX intake_samples_by_source ON public.intake_samples USING btree (source, id DESC);
grant delete, insert, select, update on intake_samples to mainstay_app;

create table intake_secrets (
  id uuid not null,
  source text not null,
  sealed text not null,
  created_by text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  expires_at timestamp with time zone,
  constraint intake_secrets_pkey PRIMARY KEY (id),
  constraint intake_secrets_source_fkey FOREIGN KEY (source) REFERENCES intake_sources(name) ON DELETE CASCADE
);
CREATE INDEX intake_secrets_by_source ON public.intake_secrets USING btree (source, created_at DESC);
grant delete, insert, select, update on intake_secrets to mainstay_app;

create table intake_seen (
  source text not null,
  id text not null,
  at timestamp with time zone not null default mainstay_now(),
  constraint intake_seen_pkey PRIMARY KEY (source, id),
  constraint intake_seen_source_fkey FOREIGN KEY (source) REFERENCES intake_sources(name) ON DELETE CASCADE
);
CREATE INDEX intake_seen_by_time ON public.intake_seen USING btree (at);
grant delete, insert, select, update on intake_seen to mainstay_app;

create table intake_sources (
  name text not null,
  format text not null,
  definition jsonb not null,
  team text,
  declared_at timestamp with time zone not null default mainstay_now(),
  received_at timestamp with time zone,
  beat_at timestamp with time zone,
  silent_since timestamp with time zone,
  displaced bigint not null default 0,
  constraint intake_sources_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on intake_sources to mainstay_app;

create table intake_tokens (
  id uuid not null,
  source text not null,
  secret_hash bytea not null,
  last4 text not null,
  created_by text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  expires_at timestamp with time zone,
  used_at timestamp with time zone,
  constraint intake_tokens_secret_hash_key UNIQUE (secret_hash),
  constraint intake_tokens_pkey PRIMARY KEY (id),
  constraint intake_tokens_source_fkey FOREIGN KEY (source) REFERENCES intake_sources(name) ON DELETE CASCADE
);
CREATE INDEX intake_tokens_by_source ON public.intake_tokens USING btree (source, created_at DESC);
grant delete, insert, select, update on intake_tokens to mainstay_app;

create table journal (
  id bigint not null generated always as identity,
  xid xid8 not null default pg_current_xact_id(),
  at timestamp(3) with time zone not null default mainstay_now(),
  type text collate "C" not null,
  actor jsonb not null,
  subject_kind text not null,
  subject_id text not null,
  links text[] not null default '{}'::text[],
  reason text,
  data jsonb not null,
  before jsonb,
  after jsonb,
  salt text not null default replace(((gen_random_uuid())::text || (gen_random_uuid())::text), '-'::text, ''::text),
  constraint journal_pkey PRIMARY KEY (id)
);
CREATE INDEX journal_by_link ON public.journal USING gin (links);
CREATE INDEX journal_by_subject ON public.journal USING btree (subject_kind, subject_id, at, id);
CREATE INDEX journal_by_time ON public.journal USING btree (at, id);
CREATE INDEX journal_by_type ON public.journal USING btree (type, at, id);
CREATE INDEX journal_in_commit_order ON public.journal USING btree (xid, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
CREATE TRIGGER learnt_note AFTER INSERT ON public.journal FOR EACH ROW WHEN (((new.type = 'incident.resolved'::text) AND (new.subject_kind = 'incident'::text) AND (new.reason IS NOT NULL) AND (new.subject_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'::text))) EXECUTE FUNCTION learnt_follow('incident');
grant insert, select on journal to mainstay_app;

create table journal_checkpoints (
  id bigint not null generated always as identity,
  size bigint not null,
  root bytea not null,
  note text not null,
  key text not null,
  at timestamp(3) with time zone not null default mainstay_now(),
  constraint journal_checkpoints_pkey PRIMARY KEY (id),
  constraint journal_checkpoints_root_check CHECK ((octet_length(root) = 32))
);
CREATE INDEX journal_checkpoints_by_size ON public.journal_checkpoints USING btree (size, id);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
grant insert, select on journal_checkpoints to mainstay_app;

create table journal_head (
  one boolean not null default true,
  origin text not null default ('mainstay-journal/'::text || gen_random_uuid()),
  size bigint not null default 0,
  peaks bytea[] not null default '{}'::bytea[],
  xid xid8 not null default '0'::xid8,
  entry_id bigint not null default 0,
  foreign_up_to bigint not null default 0,
  constraint journal_head_pkey PRIMARY KEY (one),
  constraint journal_head_one_check CHECK (one)
);
grant delete, insert, select, update on journal_head to mainstay_app;

create table journal_leaves (
  leaf_index bigint not null,
  entry_id bigint not null,
  hash bytea not null,
  constraint journal_leaves_entry_id_key UNIQUE (entry_id),
  constraint journal_leaves_pkey PRIMARY KEY (leaf_index),
  constraint journal_leaves_hash_check CHECK ((octet_length(hash) = 32))
);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.journal_leaves FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
grant insert, select on journal_leaves to mainstay_app;

create table journey_objectives (
  name text not null,
  source text not null,
  definition jsonb not null,
  version integer not null default 1,
  effective_at timestamp with time zone not null default mainstay_now(),
  constraint journey_objectives_pkey PRIMARY KEY (name),
  constraint journey_objectives_source_check CHECK ((source = ANY (ARRAY['JourneyObjective'::text, 'SLO'::text])))
);
grant delete, insert, select, update on journey_objectives to mainstay_app;

create table journey_states (
  name text not null,
  version integer not null,
  as_of timestamp with time zone not null,
  state text not null,
  since timestamp with time zone not null,
  view jsonb not null,
  constraint journey_states_pkey PRIMARY KEY (name)
);
alter table journey_states set (fillfactor=70);
grant delete, insert, select, update on journey_states to mainstay_app;

create table learnt_texts (
  thing uuid not null,
  part text not null default ''::text,
  kind text not null,
  of_id uuid not null,
  services text[] not null,
  at timestamp with time zone not null,
  words tsvector not null,
  constraint learnt_texts_pkey PRIMARY KEY (thing, part),
  constraint learnt_texts_kind_check CHECK ((kind = ANY (ARRAY['incident'::text, 'postmortem'::text, 'action'::text, 'problem'::text])))
);
alter table learnt_texts set (toast_tuple_target=128);
CREATE INDEX learnt_texts_by_time ON public.learnt_texts USING btree (at DESC, thing, part);
CREATE INDEX learnt_texts_by_words ON public.learnt_texts USING gin (words) WITH (fastupdate=off);
grant delete, insert, select, update on learnt_texts to mainstay_app;

create table learnt_unread (
  at timestamp with time zone not null,
  kind text not null,
  thing uuid not null,
  part text not null
);
CREATE INDEX learnt_unread_by_time ON public.learnt_unread USING btree (at DESC);
grant delete, insert, select, update on learnt_unread to mainstay_app;

create table legal_holds (
  id uuid not null,
  kind text not null,
  about text not null,
  label text not null,
  reason text not null,
  placed_by text not null,
  placed_at timestamp with time zone not null default mainstay_now(),
  lifted_by text,
  lifted_at timestamp with time zone,
  constraint legal_holds_pkey PRIMARY KEY (id),
  constraint legal_holds_kind_check CHECK ((kind = ANY (ARRAY['everything'::text, 'service'::text, 'incident'::text, 'person'::text])))
);
CREATE UNIQUE INDEX legal_holds_in_force ON public.legal_holds USING btree (kind, about) WHERE (lifted_at IS NULL);
grant delete, insert, select, update on legal_holds to mainstay_app;

create table lifeboat_boats (
  id text not null,
  seen_at timestamp with time zone not null default mainstay_now(),
  constraint lifeboat_boats_pkey PRIMARY KEY (id)
);
grant delete, insert, select, update on lifeboat_boats to mainstay_app;

create table lifeboat_entries (
  id text not null,
  landed_at timestamp with time zone not null default mainstay_now(),
  constraint lifeboat_entries_pkey PRIMARY KEY (id)
);
CREATE INDEX lifeboat_entries_landed ON public.lifeboat_entries USING btree (landed_at);
grant delete, insert, select, update on lifeboat_entries to mainstay_app;

create table lifeboat_voyages (
  id uuid not null,
  boat text not null,
  from_at timestamp with time zone not null,
  to_at timestamp with time zone not null,
  plan_at timestamp with time zone,
  signals integer not null,
  alerts integer not null,
  pages integer not null,
  acknowledged integer not null,
  recorded_at timestamp with time zone not null default mainstay_now(),
  constraint lifeboat_voyages_pkey PRIMARY KEY (id)
);
CREATE INDEX lifeboat_voyages_by_time ON public.lifeboat_voyages USING btree (from_at DESC);
CREATE INDEX lifeboat_voyages_recorded ON public.lifeboat_voyages USING btree (recorded_at DESC);
grant delete, insert, select, update on lifeboat_voyages to mainstay_app;

create table maintenance_occurrences (
  id uuid not null default gen_random_uuid(),
  window_name text not null,
  planned_at timestamp with time zone not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  title text not null,
  reason text not null,
  team text,
  declared_by text not null,
  announce jsonb,
  services text[] not null,
  budget text not null,
  cover_from timestamp with time zone not null,
  earlier jsonb not null default '[]'::jsonb,
  announced_at timestamp with time zone,
  began_at timestamp with time zone,
  over_at timestamp with time zone,
  cancelled_at timestamp with time zone,
  told_at timestamp with time zone,
  changed_by text,
  changed_because text,
  led boolean not null default false,
  constraint maintenance_occurrences_pkey PRIMARY KEY (id),
  constraint maintenance_occurrences_budget_check CHECK ((budget = ANY (ARRAY['drop'::text, 'good'::text, 'count'::text])))
);
CREATE INDEX maintenance_occurrences_by_time ON public.maintenance_occurrences USING btree (starts_at, id);
CREATE INDEX maintenance_occurrences_by_window ON public.maintenance_occurrences USING btree (window_name, planned_at);
CREATE INDEX maintenance_occurrences_open ON public.maintenance_occurrences USING btree (ends_at) WHERE (cancelled_at IS NULL);
CREATE INDEX maintenance_occurrences_unsettled ON public.maintenance_occurrences USING btree (starts_at) WHERE ((over_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX maintenance_occurrences_untold ON public.maintenance_occurrences USING btree (id) WHERE (told_at IS NULL);
grant delete, insert, select, update on maintenance_occurrences to mainstay_app;

create table maintenance_revision (
  id smallint not null,
  revision bigint not null,
  constraint maintenance_revision_pkey PRIMARY KEY (id),
  constraint maintenance_revision_id_check CHECK ((id = 1))
);
grant delete, insert, select, update on maintenance_revision to mainstay_app;

create table maintenance_windows (
  name text not null,
  title text not null,
  reason text not null,
  team text,
  services text[] not null,
  dependants text not null,
  budget text not null,
  recurrence jsonb not null,
  announce jsonb,
  declared_by text not null,
  turn_at timestamp with time zone not null,
  constraint maintenance_windows_pkey PRIMARY KEY (name),
  constraint maintenance_windows_budget_check CHECK ((budget = ANY (ARRAY['drop'::text, 'good'::text, 'count'::text]))),
  constraint maintenance_windows_dependants_check CHECK ((dependants = ANY (ARRAY['none'::text, 'hard'::text, 'all'::text])))
);
CREATE INDEX maintenance_windows_due ON public.maintenance_windows USING btree (turn_at);
grant delete, insert, select, update on maintenance_windows to mainstay_app;

create table migrations (
  name text not null,
  checksum text not null,
  applied_at timestamp with time zone not null default clock_timestamp(),
  constraint migrations_pkey PRIMARY KEY (name)
);
grant insert, select on migrations to mainstay_app;

create table notification_rules (
  person text not null,
  high jsonb not null,
  low jsonb not null,
  version integer not null default 1,
  updated_at timestamp with time zone not null default mainstay_now(),
  constraint notification_rules_pkey PRIMARY KEY (person)
);
grant delete, insert, select, update on notification_rules to mainstay_app;

create table objective_day_marks (
  objective text not null,
  day date not null,
  changes integer not null default 1,
  constraint objective_day_marks_pkey PRIMARY KEY (objective, day)
);
grant delete, insert, select, update on objective_day_marks to mainstay_app;

create table objective_days (
  objective text not null,
  day date not null,
  rule text not null,
  covered text not null default ''::text,
  coarse integer not null default 0,
  cells bytea not null,
  counted bytea,
  rolled_at timestamp with time zone not null default mainstay_now(),
  constraint objective_days_pkey PRIMARY KEY (objective, day)
);
CREATE INDEX objective_days_by_day ON public.objective_days USING btree (day, objective);
grant delete, insert, select, update on objective_days to mainstay_app;

create table objective_days_compared (
  one boolean not null default true,
  revision bigint not null,
  constraint objective_days_compared_pkey PRIMARY KEY (one),
  constraint objective_days_compared_one_check CHECK (one)
);
grant delete, insert, select, update on objective_days_compared to mainstay_app;

create table objective_exclusions (
  id text not null,
  source text not null,
  services text[] not null default '{}'::text[],
  objectives text[] not null default '{}'::text[],
  mode text not null,
  during jsonb not null,
  reason text not null,
  author text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  withdrawn_at timestamp with time zone,
  withdrawn_by text,
  withdrawn_reason text,
  constraint objective_exclusions_pkey PRIMARY KEY (id),
  constraint objective_exclusions_mode_check CHECK ((mode = ANY (ARRAY['drop'::text, 'good'::text]))),
  constraint objective_exclusions_source_check CHECK ((source = ANY (ARRAY['declared'::text, 'correction'::text])))
);
CREATE INDEX objective_exclusions_by_objective ON public.objective_exclusions USING gin (objectives);
grant delete, insert, select, update on objective_exclusions to mainstay_app;

create table objective_groups (
  objective text not null,
  stream integer not null,
  group_values text[],
  label text not null,
  as_of timestamp with time zone not null,
  state text not null,
  level text not null,
  since timestamp with time zone not null,
  good bigint not null,
  bad bigint not null,
  allowed double precision not null,
  spent double precision not null,
  remaining double precision,
  burn double precision,
  sentence text not null,
  told text,
  memory jsonb not null,
  constraint objective_groups_pkey PRIMARY KEY (objective, stream)
);
alter table objective_groups set (fillfactor=70);
grant delete, insert, select, update on objective_groups to mainstay_app;

create table objective_periods (
  name text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  version integer not null,
  target double precision not null,
  good bigint not null,
  bad bigint not null,
  allowed double precision not null,
  spent double precision not null,
  attainment double precision,
  remaining double precision,
  met boolean,
  measured integer not null,
  expected integer not null,
  constraint objective_periods_pkey PRIMARY KEY (name, starts_at)
);
grant delete, insert, select, update on objective_periods to mainstay_app;

create table objective_points (
  name text not null,
  at bigint not null,
  remaining double precision,
  burn double precision,
  constraint objective_points_pkey PRIMARY KEY (name, at)
);
CREATE INDEX objective_points_by_age ON public.objective_points USING btree (at);
grant delete, insert, select, update on objective_points to mainstay_app;

create table objective_reviews (
  id uuid not null,
  objective text not null,
  reviewed_at timestamp with time zone not null,
  reviewed_by text not null,
  decision text not null,
  reason text not null,
  target_text text not null,
  new_target text,
  version integer not null,
  due_on text,
  figures jsonb not null,
  constraint objective_reviews_pkey PRIMARY KEY (id),
  constraint objective_reviews_decision_check CHECK ((decision = ANY (ARRAY['keep'::text, 'change-target'::text, 'retire'::text])))
);
CREATE INDEX objective_reviews_by_time ON public.objective_reviews USING btree (objective, reviewed_at DESC, id);
grant delete, insert, select, update on objective_reviews to mainstay_app;

create table objective_states (
  name text not null,
  version integer not null,
  as_of timestamp with time zone not null,
  state text not null,
  level text not null,
  since timestamp with time zone not null,
  remaining double precision,
  burn double precision,
  view jsonb not null,
  memory jsonb not null,
  good bigint generated always as ((((view -> 'budget'::text) ->> 'good'::text))::bigint) stored,
  bad bigint generated always as ((((view -> 'budget'::text) ->> 'bad'::text))::bigint) stored,
  total_bad double precision generated always as ((((view -> 'budget'::text) ->> 'totalBad'::text))::double precision) stored,
  spent_bad double precision generated always as ((((view -> 'budget'::text) ->> 'spentBad'::text))::double precision) stored,
  measured double precision generated always as ((((view -> 'budget'::text) ->> 'measuredRatio'::text))::double precision) stored,
  constraint objective_states_pkey PRIMARY KEY (name)
);
alter table objective_states set (autovacuum_analyze_scale_factor=10, fillfactor=70);
CREATE INDEX objective_states_by_state ON public.objective_states USING btree (state, name);
grant delete, insert, select, update on objective_states to mainstay_app;

create table objective_terms (
  objective text not null,
  owner_kind text,
  owner text,
  every text,
  starts_on text,
  declared_at timestamp with time zone not null,
  due_on text,
  soon_at timestamp with time zone,
  overdue_at timestamp with time zone,
  expires_at timestamp with time zone,
  told text[] not null default '{}'::text[],
  constraint objective_terms_pkey PRIMARY KEY (objective),
  constraint objective_terms_owner_kind_check CHECK ((owner_kind = ANY (ARRAY['team'::text, 'person'::text])))
);
CREATE INDEX objective_terms_by_due ON public.objective_terms USING btree (soon_at) WHERE (soon_at IS NOT NULL);
CREATE INDEX objective_terms_by_expiry ON public.objective_terms USING btree (expires_at) WHERE (expires_at IS NOT NULL);
grant delete, insert, select, update on objective_terms to mainstay_app;

create table objective_versions (
  name text not null,
  version integer not null,
  definition jsonb not null,
  effective_at timestamp with time zone not null,
  constraint objective_versions_pkey PRIMARY KEY (name, version)
);
grant delete, insert, select, update on objective_versions to mainstay_app;

create table objectives (
  name text not null,
  document text not null,
  service text not null,
  display_name text not null,
  definition jsonb not null,
  refers_to text[] not null default '{}'::text[],
  version integer not null default 1,
  effective_at timestamp with time zone not null default mainstay_now(),
  born timestamp with time zone,
  window_ms bigint generated always as (((definition ->> 'windowMs'::text))::bigint) stored,
  constraint objectives_pkey PRIMARY KEY (name)
);
CREATE INDEX objectives_by_document ON public.objectives USING btree (document);
CREATE INDEX objectives_by_service ON public.objectives USING btree (service);
CREATE INDEX objectives_refers_to ON public.objectives USING gin (refers_to);
grant delete, insert, select, update on objectives to mainstay_app;

create table oidc_sign_ins (
  state_hash bytea not null,
  nonce text not null,
  code_verifier text not null,
  return_to text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint oidc_sign_ins_pkey PRIMARY KEY (state_hash)
);
grant delete, insert, select, update on oidc_sign_ins to mainstay_app;

create table orphan_signals (
  id bigint not null generated always as identity,
  received_at timestamp with time zone not null default mainstay_now(),
  source text not null,
  because text not null,
  body text not null,
  constraint orphan_signals_pkey PRIMARY KEY (id)
);
CREATE INDEX orphan_signals_by_time ON public.orphan_signals USING btree (received_at DESC);
grant delete, insert, select, update on orphan_signals to mainstay_app;

create table overrides (
  id uuid not null,
  schedule text not null,
  kind text not null,
  person text not null,
  covers text,
  rotation text,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  reason text not null,
  created_by text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  shift text,
  calendar_uid text,
  constraint overrides_pkey PRIMARY KEY (id),
  constraint overrides_check CHECK ((starts_at < ends_at)),
  constraint overrides_kind_check CHECK ((kind = ANY (ARRAY['replace'::text, 'add'::text, 'remove'::text])))
);
CREATE UNIQUE INDEX overrides_by_calendar ON public.overrides USING btree (schedule, calendar_uid) WHERE (calendar_uid IS NOT NULL);
CREATE INDEX overrides_by_schedule ON public.overrides USING btree (schedule, ends_at);
grant delete, insert, select, update on overrides to mainstay_app;

create table page_groups (
  id uuid not null,
  number bigint not null,
  title text not null,
  team text,
  services text[] not null,
  tier smallint,
  policy text,
  worst text not null,
  urgency text not null,
  opened_at timestamp with time zone not null,
  answered_by text,
  answered_at timestamp with time zone,
  rule text,
  constraint page_groups_pkey PRIMARY KEY (id)
);
CREATE INDEX page_groups_by_team ON public.page_groups USING btree (team, opened_at);
grant delete, insert, select, update on page_groups to mainstay_app;

create table page_notices (
  page_id uuid not null,
  alert_id uuid not null,
  person text not null,
  severity text not null,
  facts jsonb not null,
  bundle_id uuid,
  created_at timestamp with time zone not null default mainstay_now(),
  stopped text,
  constraint page_notices_pkey PRIMARY KEY (page_id),
  constraint page_notices_bundle_id_fkey FOREIGN KEY (bundle_id) REFERENCES bundles(id)
);
CREATE INDEX page_notices_bundled ON public.page_notices USING btree (bundle_id, severity) WHERE (bundle_id IS NOT NULL);
CREATE INDEX page_notices_by_alert ON public.page_notices USING btree (alert_id);
CREATE INDEX page_notices_by_person ON public.page_notices USING btree (person, created_at DESC);
CREATE INDEX page_notices_by_time ON public.page_notices USING btree (created_at, page_id);
CREATE INDEX page_notices_single ON public.page_notices USING btree (person, created_at) WHERE (bundle_id IS NULL);
grant delete, insert, select, update on page_notices to mainstay_app;

create table pages (
  id uuid not null,
  escalation_id uuid not null,
  alert_id uuid not null,
  service text,
  step integer not null,
  level integer,
  round integer not null,
  person text not null,
  at timestamp with time zone not null,
  because text not null,
  answered_at timestamp with time zone,
  answered_by text,
  over_at timestamp with time zone,
  answer_known boolean not null default true,
  constraint pages_escalation_id_step_person_key UNIQUE (escalation_id, step, person),
  constraint pages_pkey PRIMARY KEY (id),
  constraint pages_escalation_id_fkey FOREIGN KEY (escalation_id) REFERENCES escalations(id)
);
CREATE INDEX pages_by_alert ON public.pages USING btree (alert_id, at);
CREATE INDEX pages_by_person ON public.pages USING btree (person, at DESC, id DESC);
CREATE INDEX pages_by_time ON public.pages USING btree (at DESC, id DESC);
grant delete, insert, select, update on pages to mainstay_app;

create table paging_watch (
  id smallint not null,
  passed_at timestamp with time zone,
  late_ms integer,
  heartbeat_at timestamp with time zone,
  heartbeat_outcome text,
  constraint paging_watch_pkey PRIMARY KEY (id),
  constraint paging_watch_id_check CHECK ((id = 1))
);
grant delete, insert, select, update on paging_watch to mainstay_app;

create table pay_corrections (
  id uuid not null,
  statement_id uuid not null,
  person text not null,
  class text not null,
  standby_ms bigint not null,
  awake_ms bigint not null,
  reason text not null,
  made_by text not null,
  made_at timestamp with time zone not null,
  constraint pay_corrections_pkey PRIMARY KEY (id),
  constraint pay_corrections_statement_id_fkey FOREIGN KEY (statement_id) REFERENCES pay_statements(id),
  constraint pay_corrections_check CHECK (((standby_ms <> 0) OR (awake_ms <> 0))),
  constraint pay_corrections_class_check CHECK ((class = ANY (ARRAY['holiday'::text, 'weekend'::text, 'night'::text, 'weekday'::text])))
);
CREATE INDEX pay_corrections_by_statement ON public.pay_corrections USING btree (statement_id, made_at);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pay_corrections FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
grant delete, insert, select, update on pay_corrections to mainstay_app;

create table pay_statements (
  id uuid not null,
  team text not null,
  from_date date not null,
  until date not null,
  people jsonb not null,
  signed_by text not null,
  signed_at timestamp with time zone not null,
  spans jsonb not null default '{}'::jsonb,
  constraint pay_statements_pkey PRIMARY KEY (id),
  constraint pay_statements_check CHECK ((from_date < until))
);
CREATE UNIQUE INDEX pay_statements_by_team ON public.pay_statements USING btree (team, from_date);
CREATE TRIGGER append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.pay_statements FOR EACH STATEMENT EXECUTE FUNCTION journal_refuse_change();
grant delete, insert, select, update on pay_statements to mainstay_app;

create table people (
  id uuid not null,
  email text not null,
  name text not null,
  role text not null,
  time_zone text not null default 'UTC'::text,
  password_hash text,
  issuer text,
  subject text,
  disabled_at timestamp with time zone,
  version integer not null default 1,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint people_pkey PRIMARY KEY (id),
  constraint people_check CHECK (((issuer IS NULL) = (subject IS NULL))),
  constraint people_role_check CHECK ((role = ANY (ARRAY['viewer'::text, 'responder'::text, 'editor'::text, 'admin'::text])))
);
CREATE UNIQUE INDEX identity_people_by_account ON public.people USING btree (issuer, subject) WHERE (subject IS NOT NULL);
CREATE UNIQUE INDEX identity_people_by_email ON public.people USING btree (lower(email));
CREATE INDEX people_in_charge ON public.people USING btree (name) WHERE ((role = 'admin'::text) AND (disabled_at IS NULL));
grant delete, insert, select, update on people to mainstay_app;

create table person_teams (
  email text not null,
  team text not null,
  constraint person_teams_pkey PRIMARY KEY (email, team)
);
grant delete, insert, select, update on person_teams to mainstay_app;

create table policy_turns (
  policy text not null,
  turn bigint not null,
  constraint policy_turns_pkey PRIMARY KEY (policy)
);
grant delete, insert, select, update on policy_turns to mainstay_app;

create table postmortem_comments (
  id uuid not null,
  postmortem_id uuid not null,
  section text,
  body text not null,
  by text not null,
  at timestamp with time zone not null,
  resolved_by text,
  resolved_at timestamp with time zone,
  constraint postmortem_comments_pkey PRIMARY KEY (id),
  constraint postmortem_comments_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE
);
CREATE INDEX postmortem_comments_by_postmortem ON public.postmortem_comments USING btree (postmortem_id, at, id);
grant delete, insert, select, update on postmortem_comments to mainstay_app;

create table postmortem_documents (
  postmortem_id uuid not null,
  state bytea not null,
  state_seq bigint not null,
  seq bigint not null,
  created_at timestamp with time zone not null,
  written_at timestamp with time zone not null,
  version_at timestamp with time zone not null,
  sitting text[] not null default '{}'::text[],
  epoch integer not null default 0,
  constraint postmortem_documents_pkey PRIMARY KEY (postmortem_id),
  constraint postmortem_documents_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE
);
grant delete, insert, select, update on postmortem_documents to mainstay_app;

create table postmortem_publics (
  postmortem_id uuid not null,
  choices jsonb not null,
  copy jsonb,
  copy_hash text,
  of_hash text,
  prepared_by text,
  prepared_actor text,
  prepared_at timestamp with time zone,
  served jsonb,
  served_hash text,
  served_of text,
  approved_by text,
  approved_at timestamp with time zone,
  token text,
  withdrawn_by text,
  withdrawn_at timestamp with time zone,
  withdrawn_because text,
  constraint postmortem_publics_token_key UNIQUE (token),
  constraint postmortem_publics_pkey PRIMARY KEY (postmortem_id),
  constraint postmortem_publics_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE
);
grant delete, insert, select, update on postmortem_publics to mainstay_app;

create table postmortem_reviewers (
  postmortem_id uuid not null,
  person text not null,
  asked_by text,
  asked_at timestamp with time zone not null,
  decision text,
  reason text,
  decided_at timestamp with time zone,
  text_hash text,
  constraint postmortem_reviewers_pkey PRIMARY KEY (postmortem_id, person),
  constraint postmortem_reviewers_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE,
  constraint postmortem_reviewers_decision_check CHECK ((decision = ANY (ARRAY['approved'::text, 'changes'::text])))
);
grant delete, insert, select, update on postmortem_reviewers to mainstay_app;

create table postmortem_sections (
  postmortem_id uuid not null,
  section text not null,
  body text not null,
  version integer not null default 1,
  updated_by text not null,
  updated_at timestamp with time zone not null,
  constraint postmortem_sections_pkey PRIMARY KEY (postmortem_id, section),
  constraint postmortem_sections_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortems(id) ON DELETE CASCADE
);
CREATE TRIGGER learnt_changed AFTER UPDATE ON public.postmortem_sections FOR EACH ROW WHEN ((old.body IS DISTINCT FROM new.body)) EXECUTE FUNCTION learnt_follow('postmortem');
CREATE TRIGGER learnt_gone AFTER DELETE ON public.postmortem_sections FOR EACH ROW EXECUTE FUNCTION learnt_forget();
CREATE TRIGGER learnt_new AFTER INSERT ON public.postmortem_sections FOR EACH ROW EXECUTE FUNCTION learnt_follow('postmortem');
grant delete, insert, select, update on postmortem_sections to mainstay_app;

create table postmortem_updates (
  postmortem_id uuid not null,
  seq bigint not null,
  body bytea not null,
  at timestamp with time zone not null,
  constraint postmortem_updates_pkey PRIMARY KEY (postmortem_id, seq),
  constraint postmortem_updates_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortem_documents(postmortem_id) ON DELETE CASCADE
);
grant delete, insert, select, update on postmortem_updates to mainstay_app;

create table postmortem_versions (
  postmortem_id uuid not null,
  number integer not null,
  at timestamp with time zone not null,
  because text not null,
  authors text[] not null,
  sections jsonb not null,
  constraint postmortem_versions_pkey PRIMARY KEY (postmortem_id, number),
  constraint postmortem_versions_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortem_documents(postmortem_id) ON DELETE CASCADE
);
grant delete, insert, select, update on postmortem_versions to mainstay_app;

create table postmortem_writers (
  postmortem_id uuid not null,
  client bigint not null,
  actor text not null,
  person text not null,
  whole boolean not null default false,
  opened_at timestamp with time zone not null,
  seen_at timestamp with time zone,
  section text,
  line integer,
  noted_at timestamp with time zone,
  noted text[] not null default '{}'::text[],
  constraint postmortem_writers_pkey PRIMARY KEY (postmortem_id, client),
  constraint postmortem_writers_postmortem_id_fkey FOREIGN KEY (postmortem_id) REFERENCES postmortem_documents(postmortem_id) ON DELETE CASCADE
);
grant delete, insert, select, update on postmortem_writers to mainstay_app;

create table postmortems (
  id uuid not null,
  number bigint not null generated always as identity,
  incident_id uuid not null,
  incident_number bigint not null,
  title text not null,
  severity text not null,
  services text[] not null default '{}'::text[],
  team text,
  owner text,
  status text not null,
  opened_by text not null,
  because text not null,
  opened_at timestamp with time zone not null,
  due_at timestamp with time zone not null,
  facts jsonb not null,
  factors jsonb not null default '[]'::jsonb,
  approved_by text,
  published_at timestamp with time zone,
  hash text,
  version integer not null default 1,
  review_at timestamp with time zone,
  due_because text,
  first_published_at timestamp with time zone,
  excused_at timestamp with time zone,
  excused_by text,
  excused_because text,
  constraint postmortems_incident_id_key UNIQUE (incident_id),
  constraint postmortems_number_key UNIQUE (number),
  constraint postmortems_pkey PRIMARY KEY (id),
  constraint postmortems_status_check CHECK ((status = ANY (ARRAY['draft'::text, 'review'::text, 'published'::text])))
);
CREATE INDEX postmortems_by_due ON public.postmortems USING btree (due_at);
CREATE INDEX postmortems_by_time ON public.postmortems USING btree (opened_at DESC, id DESC);
CREATE TRIGGER learnt_changed AFTER UPDATE ON public.postmortems FOR EACH ROW WHEN ((((old.title IS DISTINCT FROM new.title) OR (old.factors IS DISTINCT FROM new.factors)) OR (old.services IS DISTINCT FROM new.services))) EXECUTE FUNCTION learnt_follow('postmortem');
CREATE TRIGGER learnt_gone AFTER DELETE ON public.postmortems FOR EACH ROW EXECUTE FUNCTION learnt_forget();
CREATE TRIGGER learnt_new AFTER INSERT ON public.postmortems FOR EACH ROW EXECUTE FUNCTION learnt_follow('postmortem');
grant delete, insert, select, update on postmortems to mainstay_app;

create table probe_results (
  id bigint not null generated always as identity,
  probe text not null,
  at timestamp with time zone not null,
  good boolean not null,
  status integer,
  total_ms integer not null,
  reason text not null,
  evidence jsonb not null default '{}'::jsonb,
  constraint probe_results_pkey PRIMARY KEY (id)
);
CREATE INDEX probe_results_by_probe ON public.probe_results USING btree (probe, id DESC);
grant delete, insert, select, update on probe_results to mainstay_app;

create table probes (
  name text not null,
  service text,
  every_ms integer not null,
  check_spec jsonb not null,
  revision integer not null default 0,
  last_at timestamp with time zone,
  last_good boolean,
  last_reason text,
  last_ms integer,
  due_at timestamp with time zone not null default mainstay_now(),
  taken_until timestamp with time zone,
  last_beat jsonb,
  constraint probes_pkey PRIMARY KEY (name)
);
CREATE INDEX probes_by_due ON public.probes USING btree (due_at);
grant delete, insert, select, update on probes to mainstay_app;

create table problem_actions (
  problem_id uuid not null,
  action_id uuid not null,
  constraint problem_actions_pkey PRIMARY KEY (problem_id, action_id),
  constraint problem_actions_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES problems(id) ON DELETE CASCADE
);
CREATE INDEX problem_actions_by_action ON public.problem_actions USING btree (action_id);
grant delete, insert, select, update on problem_actions to mainstay_app;

create table problem_incidents (
  problem_id uuid not null,
  incident_id uuid not null,
  linked_by text not null,
  linked_at timestamp with time zone not null,
  constraint problem_incidents_pkey PRIMARY KEY (problem_id, incident_id),
  constraint problem_incidents_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES problems(id) ON DELETE CASCADE
);
CREATE INDEX problem_incidents_by_incident ON public.problem_incidents USING btree (incident_id);
grant delete, insert, select, update on problem_incidents to mainstay_app;

create table problem_moves (
  id bigint not null generated always as identity,
  problem_id uuid not null,
  at timestamp with time zone not null,
  before text,
  after text not null,
  because text not null,
  said_by text not null,
  constraint problem_moves_pkey PRIMARY KEY (id),
  constraint problem_moves_problem_id_fkey FOREIGN KEY (problem_id) REFERENCES problems(id) ON DELETE CASCADE
);
CREATE INDEX problem_moves_by_problem ON public.problem_moves USING btree (problem_id, id);
CREATE INDEX problem_moves_by_time ON public.problem_moves USING btree (at);
grant delete, insert, select, update on problem_moves to mainstay_app;

create table problems (
  id uuid not null,
  number bigint not null generated always as identity,
  title text not null,
  cause text,
  state text not null,
  class text,
  services text[] not null default '{}'::text[],
  owner text,
  workaround text,
  plan text,
  due_at timestamp with time zone,
  window_ms bigint not null,
  watched_since timestamp with time zone,
  opened_by text not null,
  opened_at timestamp with time zone not null,
  version integer not null default 1,
  constraint problems_number_key UNIQUE (number),
  constraint problems_pkey PRIMARY KEY (id),
  constraint problems_state_check CHECK ((state = ANY (ARRAY['open'::text, 'known-error'::text, 'planned'::text, 'watching'::text, 'eliminated'::text, 'accepted'::text])))
);
CREATE INDEX problems_by_time ON public.problems USING btree (opened_at DESC, id DESC);
CREATE TRIGGER learnt_changed AFTER UPDATE ON public.problems FOR EACH ROW WHEN ((((((old.title IS DISTINCT FROM new.title) OR (old.cause IS DISTINCT FROM new.cause)) OR (old.workaround IS DISTINCT FROM new.workaround)) OR (old.plan IS DISTINCT FROM new.plan)) OR (old.services IS DISTINCT FROM new.services))) EXECUTE FUNCTION learnt_follow('problem');
CREATE TRIGGER learnt_gone AFTER DELETE ON public.problems FOR EACH ROW EXECUTE FUNCTION learnt_forget();
CREATE TRIGGER learnt_new AFTER INSERT ON public.problems FOR EACH ROW EXECUTE FUNCTION learnt_follow('problem');
grant delete, insert, select, update on problems to mainstay_app;

create table prometheus_reads (
  stream integer not null,
  read_until bigint not null,
  read_from bigint,
  constraint prometheus_reads_pkey PRIMARY KEY (stream)
);
grant delete, insert, select, update on prometheus_reads to mainstay_app;

create table push_keys (
  id smallint not null,
  public_key text not null,
  private_key text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint push_keys_pkey PRIMARY KEY (id),
  constraint push_keys_id_check CHECK ((id = 1))
);
grant delete, insert, select, update on push_keys to mainstay_app;

create table pushed_batches (
  source text not null,
  batch_id text not null,
  content text not null,
  at timestamp with time zone not null default mainstay_now(),
  constraint pushed_batches_pkey PRIMARY KEY (source, batch_id)
);
CREATE INDEX pushed_batches_by_age ON public.pushed_batches USING btree (at);
grant delete, insert, select, update on pushed_batches to mainstay_app;

create table resource_versions (
  kind text not null,
  name text not null,
  version integer not null,
  document jsonb,
  at timestamp with time zone not null default mainstay_now(),
  actor text not null,
  constraint resource_versions_pkey PRIMARY KEY (kind, name, version)
);
grant delete, insert, select, update on resource_versions to mainstay_app;

create table resources (
  kind text not null,
  name text not null,
  api_version text not null,
  document jsonb not null,
  version integer not null,
  owners jsonb not null default '{}'::jsonb,
  created_by text not null,
  refers_to text[] not null default '{}'::text[],
  created_at timestamp with time zone not null default mainstay_now(),
  updated_at timestamp with time zone not null default mainstay_now(),
  constraint resources_pkey PRIMARY KEY (kind, name)
);
CREATE INDEX people_by_email ON public.resources USING btree (lower((document #>> '{spec,email}'::text[]))) WHERE (kind = 'Person'::text);
CREATE INDEX resources_by_creator ON public.resources USING btree (created_by);
CREATE INDEX resources_refers_to ON public.resources USING gin (refers_to);
CREATE TRIGGER resources_stamped AFTER INSERT OR DELETE OR UPDATE OR TRUNCATE ON public.resources FOR EACH STATEMENT EXECUTE FUNCTION resources_stamp_anew();
grant delete, insert, select, update on resources to mainstay_app;

create table resources_stamp (
  id boolean not null default true,
  stamp uuid not null default gen_random_uuid(),
  constraint resources_stamp_pkey PRIMARY KEY (id),
  constraint resources_stamp_id_check CHECK (id)
);
grant delete, insert, select, update on resources_stamp to mainstay_app;

create table retention_round (
  one boolean not null default true,
  number bigint not null default 0,
  started_at timestamp with time zone,
  finished_at timestamp with time zone,
  progress jsonb not null default '{}'::jsonb,
  last jsonb,
  constraint retention_round_pkey PRIMARY KEY (one),
  constraint retention_round_one_check CHECK (one)
);
grant delete, insert, select, update on retention_round to mainstay_app;

create table route_group_members (
  group_id uuid not null,
  alert_id uuid not null,
  told boolean not null default false,
  pause_ms integer,
  constraint route_group_members_pkey PRIMARY KEY (group_id, alert_id),
  constraint route_group_members_alert_id_fkey FOREIGN KEY (alert_id) REFERENCES alerts(id) ON DELETE CASCADE,
  constraint route_group_members_group_id_fkey FOREIGN KEY (group_id) REFERENCES route_groups(id) ON DELETE CASCADE
);
CREATE INDEX route_group_members_alert ON public.route_group_members USING btree (alert_id);
grant delete, insert, select, update on route_group_members to mainstay_app;

create table route_groups (
  id uuid not null,
  digest bytea not null,
  version integer not null,
  place integer not null,
  name text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  flush_at timestamp with time zone not null,
  flushed boolean not null default false,
  told_at timestamp with time zone,
  constraint route_groups_digest_key UNIQUE (digest),
  constraint route_groups_pkey PRIMARY KEY (id)
);
CREATE INDEX route_groups_due ON public.route_groups USING btree (flush_at);
grant delete, insert, select, update on route_groups to mainstay_app;

create table sample_fold (
  one boolean not null default true,
  owner text not null default ''::text,
  turn bigint not null default 0,
  at timestamp with time zone not null default mainstay_now(),
  constraint sample_fold_pkey PRIMARY KEY (one),
  constraint sample_fold_one_check CHECK (one)
);
grant delete, insert, select, update on sample_fold to mainstay_app;

create table sample_inbox (
  id bigint not null generated always as identity,
  version text not null,
  samples integer not null,
  bytes integer not null,
  body bytea not null,
  at timestamp with time zone not null default mainstay_now(),
  aside boolean not null default false,
  constraint sample_inbox_pkey PRIMARY KEY (id),
  constraint sample_inbox_version_check CHECK ((version = ANY (ARRAY['1.0'::text, '2.0'::text, 'otlp'::text, 'otlp+gzip'::text, 'otlp-json'::text, 'otlp-json+gzip'::text])))
);
alter table sample_inbox set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=1000);
grant delete, insert, select, update on sample_inbox to mainstay_app;

create table saved_views (
  person_id uuid not null,
  list text not null,
  views jsonb not null,
  constraint saved_views_pkey PRIMARY KEY (person_id, list),
  constraint saved_views_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
grant delete, insert, select, update on saved_views to mainstay_app;

create table schedule_history (
  schedule text not null,
  person text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  source jsonb not null,
  team text,
  constraint schedule_history_check CHECK ((starts_at < ends_at))
);
CREATE INDEX schedule_history_by_end ON public.schedule_history USING btree (ends_at);
CREATE INDEX schedule_history_by_time ON public.schedule_history USING btree (schedule, ends_at);
grant delete, insert, select, update on schedule_history to mainstay_app;

create table schedule_history_marks (
  schedule text not null,
  since timestamp with time zone not null,
  until timestamp with time zone not null,
  constraint schedule_history_marks_pkey PRIMARY KEY (schedule)
);
grant delete, insert, select, update on schedule_history_marks to mainstay_app;

create table schedule_holidays (
  schedule text not null,
  name text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  constraint schedule_holidays_pkey PRIMARY KEY (schedule, starts_at, name)
);
grant delete, insert, select, update on schedule_holidays to mainstay_app;

create table scrape_folds (
  data_source text not null,
  id bigint not null generated always as identity,
  turn bigint not null default 0,
  packed_turn bigint not null default 0,
  samples bigint not null default 0,
  beside_at timestamp with time zone,
  at timestamp with time zone not null default mainstay_now(),
  constraint scrape_folds_pkey PRIMARY KEY (data_source)
);
alter table scrape_folds set (fillfactor=50);
grant delete, insert, select, update on scrape_folds to mainstay_app;

create table scrape_moves (
  data_source text not null,
  turn bigint not null,
  packed bytea not null,
  constraint scrape_moves_pkey PRIMARY KEY (data_source, turn),
  constraint scrape_moves_data_source_fkey FOREIGN KEY (data_source) REFERENCES scrape_folds(data_source) ON DELETE CASCADE
);
alter table scrape_moves set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
grant delete, insert, select, update on scrape_moves to mainstay_app;

create table scrape_packs (
  data_source text not null,
  pack integer not null,
  packed bytea not null,
  constraint scrape_packs_pkey PRIMARY KEY (data_source, pack),
  constraint scrape_packs_data_source_fkey FOREIGN KEY (data_source) REFERENCES scrape_folds(data_source) ON DELETE CASCADE
);
alter table scrape_packs set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
grant delete, insert, select, update on scrape_packs to mainstay_app;

create table sealed_keys (
  name text not null,
  sealed text not null,
  sealed_at timestamp with time zone not null default mainstay_now(),
  constraint sealed_keys_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on sealed_keys to mainstay_app;

create table series_moves (
  id bigint not null generated always as identity,
  packed bytea not null,
  constraint series_moves_pkey PRIMARY KEY (id)
);
alter table series_moves set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
grant delete, insert, select, update on series_moves to mainstay_app;

create table series_packs (
  pack integer not null,
  packed bytea not null,
  constraint series_packs_pkey PRIMARY KEY (pack)
);
alter table series_packs set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=200);
grant delete, insert, select, update on series_packs to mainstay_app;

create table series_states (
  stream integer not null,
  series uuid not null,
  source integer not null,
  target text,
  state jsonb not null,
  last_at bigint not null,
  first_at bigint,
  constraint series_states_pkey PRIMARY KEY (stream, series)
);
alter table series_states set (fillfactor=45);
CREATE INDEX series_states_by_target ON public.series_states USING btree (target, stream) WHERE (target IS NOT NULL);
grant delete, insert, select, update on series_states to mainstay_app;

create table service_usage (
  service text not null,
  day_start timestamp with time zone not null,
  samples bigint not null default 0,
  series bigint not null default 0,
  metrics text,
  minutes boolean not null default true,
  constraint service_usage_pkey PRIMARY KEY (service, day_start)
);
CREATE INDEX service_usage_by_day ON public.service_usage USING btree (day_start, service);
grant delete, insert, select, update on service_usage to mainstay_app;

create table sessions (
  id uuid not null,
  token_hash bytea not null,
  person_id uuid not null,
  started_at timestamp with time zone not null default mainstay_now(),
  seen_at timestamp with time zone not null default mainstay_now(),
  address text not null,
  agent text not null,
  method text not null,
  constraint sessions_token_hash_key UNIQUE (token_hash),
  constraint sessions_pkey PRIMARY KEY (id),
  constraint sessions_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
CREATE INDEX sessions_of_person ON public.sessions USING btree (person_id, started_at);
grant delete, insert, select, update on sessions to mainstay_app;

create table setup_links (
  token_hash bytea not null,
  purpose text not null,
  person_id uuid,
  created_at timestamp with time zone not null default mainstay_now(),
  expires_at timestamp with time zone not null,
  constraint setup_links_pkey PRIMARY KEY (token_hash),
  constraint setup_links_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE,
  constraint setup_links_purpose_check CHECK ((purpose = ANY (ARRAY['setup'::text, 'recovery'::text, 'invitation'::text])))
);
grant delete, insert, select, update on setup_links to mainstay_app;

create table sign_in_attempts (
  key text not null,
  attempts integer not null,
  window_start timestamp with time zone not null,
  constraint sign_in_attempts_pkey PRIMARY KEY (key)
);
CREATE INDEX sign_in_attempts_old ON public.sign_in_attempts USING btree (window_start);
grant delete, insert, select, update on sign_in_attempts to mainstay_app;

create table sign_in_places (
  person_id uuid not null,
  address text not null,
  seen_at timestamp with time zone not null default mainstay_now(),
  constraint sign_in_places_pkey PRIMARY KEY (person_id, address),
  constraint sign_in_places_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) ON DELETE CASCADE
);
grant delete, insert, select, update on sign_in_places to mainstay_app;

create table signal_hours (
  service text not null,
  hour_start bigint not null,
  traffic bigint,
  judged bigint not null default 0,
  errors bigint not null default 0,
  latency text,
  saturation jsonb not null default '{}'::jsonb,
  measured integer not null default 0,
  octets bigint not null default 0,
  constraint signal_hours_pkey PRIMARY KEY (service, hour_start)
);
alter table signal_hours set (fillfactor=70);
grant delete, insert, select, update on signal_hours to mainstay_app;

create table signal_minutes (
  service text not null,
  minute_start bigint not null,
  traffic bigint,
  judged bigint not null default 0,
  errors bigint not null default 0,
  latency text,
  saturation jsonb not null default '{}'::jsonb,
  constraint signal_minutes_pkey PRIMARY KEY (service, minute_start)
);
alter table signal_minutes set (fillfactor=80);
grant delete, insert, select, update on signal_minutes to mainstay_app;

create table signal_senders (
  name text not null,
  service text not null,
  kind text not null,
  version bigint not null default 0,
  series integer not null default 0,
  state text not null,
  last_at timestamp with time zone not null default mainstay_now(),
  constraint signal_senders_pkey PRIMARY KEY (name)
);
alter table signal_senders set (fillfactor=70);
CREATE INDEX signal_senders_by_age ON public.signal_senders USING btree (last_at);
CREATE INDEX signal_senders_by_service ON public.signal_senders USING btree (service) INCLUDE (series);
grant delete, insert, select, update on signal_senders to mainstay_app;

create table signal_services (
  service text not null,
  first_at bigint not null,
  last_at bigint not null,
  traffic_at bigint,
  errors_at bigint,
  latency_at bigint,
  saturation_at bigint,
  findings jsonb not null default '{}'::jsonb,
  constraint signal_services_pkey PRIMARY KEY (service)
);
grant delete, insert, select, update on signal_services to mainstay_app;

create table silences (
  id uuid not null,
  sets jsonb not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  created_by text not null,
  reason text not null,
  created_at timestamp with time zone not null default mainstay_now(),
  updated_at timestamp with time zone,
  ends_with jsonb,
  reminded boolean not null default false,
  constraint silences_pkey PRIMARY KEY (id)
);
CREATE INDEX silences_by_end ON public.silences USING btree (ends_at);
grant delete, insert, select, update on silences to mainstay_app;

create table slice_blocks (
  stream integer not null,
  block_start bigint not null,
  until bigint not null,
  packed bytea not null,
  constraint slice_blocks_pkey PRIMARY KEY (stream, block_start)
);
grant delete, insert, select, update on slice_blocks to mainstay_app;

create table slice_changes (
  id bigint not null generated always as identity,
  streams integer[] not null,
  starts bigint[] not null,
  at timestamp with time zone not null default mainstay_now(),
  constraint slice_changes_pkey PRIMARY KEY (id)
);
alter table slice_changes set (autovacuum_vacuum_scale_factor=0, autovacuum_vacuum_threshold=500);
grant delete, insert, select, update on slice_changes to mainstay_app;

create table slice_hours (
  stream integer not null,
  hour_start bigint not null,
  good bigint not null,
  bad bigint not null,
  total bigint not null,
  measured integer not null,
  constraint slice_hours_pkey PRIMARY KEY (stream, hour_start)
);
grant delete, insert, select, update on slice_hours to mainstay_app;

create table slices (
  stream integer not null,
  slice_start bigint not null,
  good bigint not null default 0,
  bad bigint not null default 0,
  total bigint not null default 0,
  corrected boolean not null default false,
  constraint slices_pkey PRIMARY KEY (stream, slice_start)
);
alter table slices set (fillfactor=80);
grant delete, insert, select, update on slices to mainstay_app;

create table slo_engine (
  one boolean not null default true,
  owner uuid,
  tick bigint not null default 0,
  ticked_at timestamp with time zone,
  listens_since timestamp with time zone,
  constraint slo_engine_pkey PRIMARY KEY (one),
  constraint slo_engine_one_check CHECK (one)
);
grant delete, insert, select, update on slo_engine to mainstay_app;

create table slo_registry (
  one boolean not null default true,
  revision bigint not null default 0,
  constraint slo_registry_pkey PRIMARY KEY (one),
  constraint slo_registry_one_check CHECK (one)
);
alter table slo_registry set (autovacuum_analyze_threshold=5000);
grant delete, insert, select, update on slo_registry to mainstay_app;

create table status_customers (
  id uuid not null default gen_random_uuid(),
  name text not null,
  page text not null,
  digest text,
  linked_at timestamp with time zone,
  linked_by text,
  gone_at timestamp with time zone,
  constraint status_customers_digest_key UNIQUE (digest),
  constraint status_customers_pkey PRIMARY KEY (id)
);
CREATE UNIQUE INDEX status_customers_by_name ON public.status_customers USING btree (name) WHERE (gone_at IS NULL);
grant delete, insert, select, update on status_customers to mainstay_app;

create table status_hosts (
  page text not null,
  host text not null,
  token text not null,
  verified_at timestamp with time zone,
  checked_at timestamp with time zone,
  because text,
  failing_since timestamp with time zone,
  constraint status_hosts_pkey PRIMARY KEY (page)
);
CREATE INDEX status_hosts_by_host ON public.status_hosts USING btree (host);
grant delete, insert, select, update on status_hosts to mainstay_app;

create table status_images (
  page text not null,
  kind text not null,
  type text not null,
  bytes bytea not null,
  digest text not null,
  uploaded_at timestamp with time zone not null default mainstay_now(),
  uploaded_by text not null,
  constraint status_images_pkey PRIMARY KEY (page, kind),
  constraint status_images_kind_check CHECK ((kind = ANY (ARRAY['logo'::text, 'icon'::text])))
);
grant delete, insert, select, update on status_images to mainstay_app;

create table status_mails (
  id uuid not null,
  subscriber_id uuid not null,
  update_id uuid,
  state text not null default 'waiting'::text,
  attempts integer not null default 0,
  outcome text,
  created_at timestamp with time zone not null default mainstay_now(),
  ended_at timestamp with time zone,
  sending_until timestamp with time zone,
  copies integer not null default 0,
  constraint status_mails_update_id_subscriber_id_key UNIQUE (update_id, subscriber_id),
  constraint status_mails_pkey PRIMARY KEY (id),
  constraint status_mails_subscriber_id_fkey FOREIGN KEY (subscriber_id) REFERENCES status_subscribers(id),
  constraint status_mails_update_id_fkey FOREIGN KEY (update_id) REFERENCES status_updates(id),
  constraint status_mails_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text])))
);
CREATE INDEX status_mails_by_subscriber ON public.status_mails USING btree (subscriber_id, created_at DESC);
grant delete, insert, select, update on status_mails to mainstay_app;

create table status_posts (
  id uuid not null,
  page text not null,
  kind text not null,
  title text not null,
  incident_id text,
  state text not null,
  starts_at timestamp with time zone,
  ends_at timestamp with time zone,
  impacts jsonb not null,
  opened_at timestamp with time zone not null default mainstay_now(),
  closed_at timestamp with time zone,
  created_by text not null,
  version integer not null default 1,
  maintenance_id uuid,
  titles jsonb not null default '{}'::jsonb,
  source text,
  constraint status_posts_pkey PRIMARY KEY (id),
  constraint status_posts_kind_check CHECK ((kind = ANY (ARRAY['incident'::text, 'maintenance'::text])))
);
CREATE INDEX status_posts_by_incident ON public.status_posts USING btree (incident_id) WHERE (incident_id IS NOT NULL);
CREATE UNIQUE INDEX status_posts_by_maintenance ON public.status_posts USING btree (page, maintenance_id) WHERE (maintenance_id IS NOT NULL);
CREATE INDEX status_posts_by_page ON public.status_posts USING btree (page, opened_at DESC, id DESC);
CREATE UNIQUE INDEX status_posts_by_source ON public.status_posts USING btree (page, source) WHERE (source IS NOT NULL);
CREATE INDEX status_posts_open ON public.status_posts USING btree (page) WHERE (closed_at IS NULL);
grant delete, insert, select, update on status_posts to mainstay_app;

create table status_revision (
  id smallint not null,
  revision bigint not null,
  constraint status_revision_pkey PRIMARY KEY (id),
  constraint status_revision_id_check CHECK ((id = 1))
);
grant delete, insert, select, update on status_revision to mainstay_app;

create table status_subscribers (
  id uuid not null,
  page text not null,
  email text not null,
  fingerprint text not null,
  requested_at timestamp with time zone not null default mainstay_now(),
  confirmed_at timestamp with time zone,
  ended_at timestamp with time zone,
  channel text not null default 'email'::text,
  label text,
  components text[],
  wanted jsonb,
  failing_since timestamp with time zone,
  failed_because text,
  paused_at timestamp with time zone,
  language text,
  constraint status_subscribers_page_fingerprint_key UNIQUE (page, fingerprint),
  constraint status_subscribers_pkey PRIMARY KEY (id),
  constraint status_subscribers_channel_check CHECK ((channel = ANY (ARRAY['email'::text, 'webhook'::text])))
);
CREATE INDEX status_subscribers_by_label ON public.status_subscribers USING btree (page, label) WHERE (channel = 'webhook'::text);
CREATE INDEX status_subscribers_heard ON public.status_subscribers USING btree (page, id) WHERE ((confirmed_at IS NOT NULL) AND (ended_at IS NULL));
grant delete, insert, select, update on status_subscribers to mainstay_app;

create table status_updates (
  id uuid not null,
  post_id uuid not null,
  number integer not null,
  at timestamp with time zone not null default mainstay_now(),
  state text not null,
  body text not null,
  impacts jsonb not null,
  author text not null,
  bodies jsonb not null default '{}'::jsonb,
  constraint status_updates_post_id_number_key UNIQUE (post_id, number),
  constraint status_updates_pkey PRIMARY KEY (id),
  constraint status_updates_post_id_fkey FOREIGN KEY (post_id) REFERENCES status_posts(id)
);
grant delete, insert, select, update on status_updates to mainstay_app;

create table stream_feeds (
  stream integer not null,
  source integer not null,
  last_at bigint not null,
  constraint stream_feeds_pkey PRIMARY KEY (stream, source)
);
alter table stream_feeds set (autovacuum_analyze_scale_factor=10, fillfactor=45);
CREATE INDEX stream_feeds_by_source ON public.stream_feeds USING btree (source);
grant delete, insert, select, update on stream_feeds to mainstay_app;

create table stream_overflow (
  stream integer not null,
  sketch bytea not null,
  first_at timestamp with time zone not null default mainstay_now(),
  last_at timestamp with time zone not null default mainstay_now(),
  constraint stream_overflow_pkey PRIMARY KEY (stream)
);
grant delete, insert, select, update on stream_overflow to mainstay_app;

create table swap_requests (
  id uuid not null,
  schedule text not null,
  asker text not null,
  starts_at timestamp with time zone not null,
  ends_at timestamp with time zone not null,
  candidate text,
  back_starts_at timestamp with time zone,
  back_ends_at timestamp with time zone,
  reason text not null,
  state text not null,
  answered_by text,
  answered_at timestamp with time zone,
  note text,
  created_at timestamp with time zone not null default mainstay_now(),
  constraint swap_requests_pkey PRIMARY KEY (id),
  constraint swap_requests_check CHECK ((starts_at < ends_at)),
  constraint swap_requests_check1 CHECK (((back_starts_at IS NULL) OR (back_starts_at < back_ends_at))),
  constraint swap_requests_state_check CHECK ((state = ANY (ARRAY['open'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text])))
);
CREATE INDEX swap_requests_by_schedule ON public.swap_requests USING btree (schedule, created_at DESC);
CREATE INDEX swap_requests_open ON public.swap_requests USING btree (starts_at) WHERE (state = 'open'::text);
grant delete, insert, select, update on swap_requests to mainstay_app;

create table telemetry_registry (
  one boolean not null default true,
  revision bigint not null default 0,
  constraint telemetry_registry_pkey PRIMARY KEY (one),
  constraint telemetry_registry_one_check CHECK (one)
);
alter table telemetry_registry set (autovacuum_analyze_threshold=5000);
grant delete, insert, select, update on telemetry_registry to mainstay_app;

create table telemetry_replicas (
  cluster text not null,
  replica text not null,
  last_at timestamp with time zone not null,
  constraint telemetry_replicas_pkey PRIMARY KEY (cluster)
);
grant delete, insert, select, update on telemetry_replicas to mainstay_app;

create table telemetry_sources (
  key integer not null generated always as identity,
  name text not null,
  kind text not null,
  first_at timestamp with time zone not null,
  last_at timestamp with time zone not null,
  samples bigint not null default 0,
  matched bigint not null default 0,
  findings jsonb not null default '{}'::jsonb,
  constraint telemetry_sources_name_key UNIQUE (name),
  constraint telemetry_sources_pkey PRIMARY KEY (key)
);
alter table telemetry_sources set (fillfactor=45);
grant delete, insert, select, update on telemetry_sources to mainstay_app;

create table telemetry_streams (
  key integer not null generated always as identity,
  id text not null,
  indicator text,
  kind text not null,
  slice_ms integer not null,
  keep_ms bigint not null,
  source jsonb not null,
  since timestamp with time zone not null default mainstay_now(),
  retired_at timestamp with time zone,
  "grouping" jsonb,
  grouped_since timestamp with time zone,
  parent integer,
  group_values text[],
  agreed_ms bigint not null default 0,
  constraint telemetry_streams_pkey PRIMARY KEY (key),
  constraint telemetry_streams_kind_check CHECK ((kind = ANY (ARRAY['otlp'::text, 'prometheus'::text, 'push'::text, 'probe'::text, 'remote-write'::text, 'scrape'::text]))),
  constraint telemetry_streams_slice_ms_check CHECK ((slice_ms >= 1000))
);
CREATE INDEX telemetry_streams_by_indicator ON public.telemetry_streams USING btree (indicator) WHERE (retired_at IS NULL);
CREATE UNIQUE INDEX telemetry_streams_current ON public.telemetry_streams USING btree (id) WHERE (retired_at IS NULL);
CREATE INDEX telemetry_streams_groups ON public.telemetry_streams USING btree (parent) WHERE (parent IS NOT NULL);
grant delete, insert, select, update on telemetry_streams to mainstay_app;

create table ticket_connections (
  name text not null,
  tracker text not null,
  url text not null,
  project text not null,
  settings text not null,
  shown jsonb not null default '{}'::jsonb,
  states jsonb not null default '{}'::jsonb,
  has_hook boolean not null,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  away_since timestamp with time zone,
  next_try_at timestamp with time zone,
  failures integer not null default 0,
  because text,
  heard_at timestamp with time zone,
  tended_until timestamp with time zone,
  constraint ticket_connections_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on ticket_connections to mainstay_app;

create table tickets (
  id uuid not null,
  connection text not null,
  tracker text not null,
  subject_kind text not null,
  subject_id uuid not null,
  incident_id uuid not null,
  phase text not null,
  wish_title text,
  begun_at timestamp with time zone,
  looks integer not null default 0,
  ref text,
  key text,
  url text,
  title text,
  their_name text,
  theirs text,
  base text,
  conflict boolean not null default false,
  settle text,
  held text,
  fault text,
  due_at timestamp with time zone,
  seen_at timestamp with time zone,
  created_by text not null,
  created_at timestamp with time zone not null,
  base_theirs text,
  constraint tickets_pkey PRIMARY KEY (id),
  constraint tickets_phase_check CHECK ((phase = ANY (ARRAY['wanted'::text, 'creating'::text, 'there'::text, 'gone'::text]))),
  constraint tickets_settle_check CHECK ((settle = ANY (ARRAY['ours'::text, 'theirs'::text]))),
  constraint tickets_subject_kind_check CHECK ((subject_kind = ANY (ARRAY['incident'::text, 'action'::text])))
);
CREATE UNIQUE INDEX tickets_by_ref ON public.tickets USING btree (connection, ref) WHERE ((ref IS NOT NULL) AND (phase <> 'gone'::text));
CREATE INDEX tickets_by_time ON public.tickets USING btree (created_at DESC, id DESC);
CREATE INDEX tickets_due ON public.tickets USING btree (connection, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX tickets_of_incident ON public.tickets USING btree (incident_id);
CREATE UNIQUE INDEX tickets_of_subject ON public.tickets USING btree (connection, subject_kind, subject_id) WHERE (phase <> 'gone'::text);
grant delete, insert, select, update on tickets to mainstay_app;

create table told_hand_overs (
  schedule text not null,
  until timestamp with time zone not null,
  constraint told_hand_overs_pkey PRIMARY KEY (schedule)
);
grant delete, insert, select, update on told_hand_overs to mainstay_app;

create table webhooks (
  name text not null,
  url text not null,
  team text,
  secret text not null,
  secret_at timestamp with time zone not null default mainstay_now(),
  secret_by text,
  former text,
  former_until timestamp with time zone,
  constraint webhooks_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on webhooks to mainstay_app;

create table workflow_hooks (
  name text not null,
  settings text not null,
  target text not null,
  changed_by text not null,
  changed_at timestamp with time zone not null,
  called_at timestamp with time zone,
  outcome text,
  constraint workflow_hooks_pkey PRIMARY KEY (name)
);
grant delete, insert, select, update on workflow_hooks to mainstay_app;

create table workflow_runs (
  id uuid not null,
  workflow text not null,
  title text not null,
  incident_id uuid not null,
  occurrence text not null,
  cause text not null,
  trigger jsonb not null,
  definition jsonb not null,
  state text not null,
  because text not null,
  steps jsonb not null,
  started_by text not null,
  created_at timestamp with time zone not null,
  due_at timestamp with time zone,
  changed_at timestamp with time zone not null,
  ended_at timestamp with time zone,
  constraint workflow_runs_pkey PRIMARY KEY (id),
  constraint workflow_runs_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'running'::text, 'approval'::text, 'done'::text, 'failed'::text, 'not-needed'::text])))
);
CREATE INDEX workflow_runs_by_state ON public.workflow_runs USING btree (state, created_at DESC, id DESC);
CREATE INDEX workflow_runs_by_time ON public.workflow_runs USING btree (created_at DESC, id DESC);
CREATE INDEX workflow_runs_of_workflow ON public.workflow_runs USING btree (workflow, created_at DESC, id DESC);
CREATE UNIQUE INDEX workflow_runs_once ON public.workflow_runs USING btree (incident_id, workflow, occurrence);
grant delete, insert, select, update on workflow_runs to mainstay_app;
