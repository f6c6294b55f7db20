-- An incident that opens has its words written from its own row. The way through learnt_source is planned anew for each row, all
-- five kinds of text of it, which was most of what opening an incident cost.
create function learnt_open() returns trigger language plpgsql as $$
begin
  -- An import brings the words before most of the texts.
  insert into learnt_texts (thing, part, kind, of_id, services, at, words)
  values (new.id, '', 'incident', new.id, new.services, new.declared_at,
    learnt_words(new.title || ' ' || coalesce(new.impact_statement, ''))
      || array_to_tsvector(array['=incident'] || array(select distinct '@' || each from unnest(new.services) as each)))
  on conflict on constraint learnt_texts_pkey do nothing;
  return null;
end $$;
drop trigger learnt_new on incidents;
create trigger learnt_new after insert on incidents for each row execute function learnt_open();
