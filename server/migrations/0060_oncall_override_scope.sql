-- An override may hold in one custom shift of its schedule, as it may in one rotation.

alter table overrides add column shift text;
