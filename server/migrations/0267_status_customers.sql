-- Customers of a status page: each has a view of its own. What is published for one, and who hears of its view, stands in status_posts and
-- status_subscribers under `page/id`, which no page can be named: what asks for a page never finds it.
create table status_customers (
  id         uuid primary key default gen_random_uuid(),
  name       text not null,
  page       text not null,
  -- SHA-256 of the secret in its link; null while nobody gets in.
  digest     text unique,
  linked_at  timestamptz,
  linked_by  text,
  -- Of one that is declared no more: the same name later is another customer, and reads nothing of this one.
  gone_at    timestamptz
);
create unique index status_customers_by_name on status_customers (name) where gone_at is null;
