-- Search over everything ever learnt: the words of each text that people write about incidents, kept beside the texts.
--
-- Why a table of its own and no generated column: adding a stored generated column rewrites the whole table under an
-- exclusive lock and counts the words of every text while incidents wait; at 60,000 sections that is minutes. Here nothing of
-- what exists is written: new and changed texts are read by triggers in their own transaction, and of older ones this only
-- writes down that they are still to be read, which a job then does in small batches. Writers wait for that: a quarter of a
-- second for 60,000. The rows are narrow as well, because words lie out of line: to look at many matches costs little.

-- Words are counted as they are (configuration simple: no language is guessed), after punctuation is taken for spaces.
-- 100,000 characters are what a section may have, and stay below the 1 MB that a tsvector may have.
create function learnt_words(text) returns tsvector language sql immutable parallel safe as $$
  select to_tsvector('simple'::regconfig, translate(left($1, 100000), $s$!"#$%&'()*+,-./:;<=>?@[\]^_`{|}~$s$, repeat(' ', 32)))
$$;

create table learnt_texts (
  thing     uuid not null,
  -- Of a postmortem: the section, or 'factors'.
  part      text not null default '',
  kind      text not null check (kind in ('incident', 'postmortem', 'action', 'problem')),
  -- The incident by which it is restricted; of a problem itself.
  of_id     uuid not null,
  services  text[] not null,
  at        timestamptz not null,
  -- Also '=kind' and '@service' for each, which no text can hold: so the index narrows by them.
  words     tsvector not null,
  primary key (thing, part)
) with (toast_tuple_target = 128);
-- Without a list of what is pending, which every search would have to read through.
create index learnt_texts_by_words on learnt_texts using gin (words) with (fastupdate = off);
create index learnt_texts_by_time on learnt_texts (at desc, thing, part);

-- The one place that knows where the texts stand.
create function learnt_source(wanted text, thing uuid, part text)
returns table (page uuid, of_id uuid, number bigint, title text, body text, services text[], at timestamptz) language sql stable as $$
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
$$;

-- `first`: what a trigger has already written is newer and stays.
create function learnt_read(wanted text, thing uuid, part text, first boolean) returns void language sql as $$
  insert into learnt_texts (thing, part, kind, of_id, services, at, words)
  select $2, $3, $1, s.of_id, s.services, s.at, learnt_words(s.title || ' ' || coalesce(s.body, ''))
      || array_to_tsvector(array['=' || $1] || array(select distinct '@' || each from unnest(s.services) as each))
    from learnt_source($1, $2, $3) s
  on conflict on constraint learnt_texts_pkey do update
    set of_id = excluded.of_id, services = excluded.services, at = excluded.at, words = excluded.words where not $4
$$;

create function learnt_follow() returns trigger language plpgsql as $$
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
end $$;
create function learnt_forget() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'postmortem_sections' then
    delete from learnt_texts where thing = old.postmortem_id and part = old.section;
  else
    delete from learnt_texts where thing = old.id;
  end if;
  return null;
end $$;

create trigger learnt_new after insert on incidents for each row execute function learnt_follow('incident');
create trigger learnt_changed after update on incidents for each row
  when ((old.title, old.impact_statement, old.services) is distinct from (new.title, new.impact_statement, new.services))
  execute function learnt_follow('incident');
create trigger learnt_gone after delete on incidents for each row execute function learnt_forget();
create trigger learnt_note after insert on journal for each row
  when (new.type = 'incident.resolved' and new.subject_kind = 'incident' and new.reason is not null
    and new.subject_id ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') execute function learnt_follow('incident');
create trigger learnt_new after insert on postmortems for each row execute function learnt_follow('postmortem');
create trigger learnt_changed after update on postmortems for each row
  when ((old.title, old.factors, old.services) is distinct from (new.title, new.factors, new.services)) execute function learnt_follow('postmortem');
create trigger learnt_gone after delete on postmortems for each row execute function learnt_forget();
create trigger learnt_new after insert on postmortem_sections for each row execute function learnt_follow('postmortem');
create trigger learnt_changed after update on postmortem_sections for each row
  when (old.body is distinct from new.body) execute function learnt_follow('postmortem');
create trigger learnt_gone after delete on postmortem_sections for each row execute function learnt_forget();
create trigger learnt_new after insert on corrective_actions for each row execute function learnt_follow('action');
create trigger learnt_changed after update on corrective_actions for each row
  when (old.title is distinct from new.title) execute function learnt_follow('action');
create trigger learnt_gone after delete on corrective_actions for each row execute function learnt_forget();
create trigger learnt_new after insert on problems for each row execute function learnt_follow('problem');
create trigger learnt_changed after update on problems for each row
  when ((old.title, old.cause, old.workaround, old.plan, old.services) is distinct from (new.title, new.cause, new.workaround, new.plan, new.services))
  execute function learnt_follow('problem');
create trigger learnt_gone after delete on problems for each row execute function learnt_forget();

-- Texts from before this migration; the job `learning.read-texts` reads them, the newest first.
create table learnt_unread (
  at     timestamptz not null,
  kind   text not null,
  thing  uuid not null,
  part   text not null
);
insert into learnt_unread
  select declared_at, 'incident', id, '' from incidents
  union all select opened_at, 'postmortem', id, 'factors' from postmortems
  union all select updated_at, 'postmortem', postmortem_id, section from postmortem_sections
  union all select created_at, 'action', id, '' from corrective_actions
  union all select opened_at, 'problem', id, '' from problems;
create index learnt_unread_by_time on learnt_unread (at desc);

create function learnt_read_older(most integer) returns bigint language sql as $$
  with taken as (
    delete from learnt_unread where ctid = any(array(select ctid from learnt_unread order by at desc limit $1 for update skip locked))
    returning kind, thing, part)
  select count(*) from (select learnt_read(kind, thing, part, true) from taken) as read
$$;

-- At most so many texts with these words, whichever. Never by reading the words of all texts one after the other, which
-- is what the planner takes for cheap, because it does not know that words lie out of line.
create function learnt_matches(query tsquery, hidden uuid[], most bigint) returns table (thing uuid, part text)
language sql stable rows 100 set enable_seqscan = off as $$
  select t.thing, t.part from learnt_texts t
  where t.words @@ $1 and not t.of_id in (select unnest($2)) limit $3
$$;
