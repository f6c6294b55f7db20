-- One page for one failure: an alert that joined the page of another, and the pages that may be joined.
alter table alerts add column paged_with uuid, add column paged_with_number bigint;
create index alerts_paged_with on alerts (paged_with) where paged_with is not null;

-- A page that is out, by the alert that it was made for. It goes on when that alert ends and another of the group fires.
-- Whoever changes who belongs to a page locks its row, after the rows of alerts.
create table page_groups (
  id           uuid primary key,
  number       bigint not null,
  title        text not null,
  team         text not null,
  -- Of every alert that joined; the first is the one it was made for.
  services     text[] not null,
  tier         smallint,
  -- The policy its service names; another one pages other people.
  policy       text,
  -- As it was told: only what is no worse may join.
  worst        text not null,
  urgency      text not null,
  opened_at    timestamptz not null,
  answered_by  text,
  answered_at  timestamptz
);
create index page_groups_by_team on page_groups (team, opened_at);
