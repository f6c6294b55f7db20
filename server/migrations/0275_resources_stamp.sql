-- Which state the declared objects are in. Who has read an object under a stamp need not read it again while the stamp stands.
create table resources_stamp (
  id     boolean primary key default true check (id),
  -- Not a count: after a failover or a restore the same number could stand for other objects.
  stamp  uuid not null default gen_random_uuid()
);
insert into resources_stamp default values;

-- Once in a transaction: nobody else sees what it declares before it ends.
create function resources_stamp_anew() returns trigger language plpgsql as $$
begin
  if current_setting('mainstay.resources_stamped', true) is distinct from 'yes' then
    update resources_stamp set stamp = gen_random_uuid();
    perform set_config('mainstay.resources_stamped', 'yes', true);
  end if;
  return null;
end $$;
create trigger resources_stamped after insert or update or delete or truncate on resources
  for each statement execute function resources_stamp_anew();
