-- How many orphans of a source gave way to newer ones. The rows themselves go: a flood of them must not fill the disk.
alter table intake_sources add column displaced bigint not null default 0;
