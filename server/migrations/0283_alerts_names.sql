-- What the names of alerts are made with besides what they are, so that two installations that hear of the same thing speak of it
-- under names of their own.
create table alert_names (
  one boolean primary key default true check (one),
  salt uuid not null default gen_random_uuid()
);
insert into alert_names default values;
