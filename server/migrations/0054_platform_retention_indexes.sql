-- The oldest first, for the batches that remove them. Deliveries, pages, alerts and silences have such an index; traces
-- and mails of status pages have ids in the order of time.
create index page_notices_by_time on page_notices (created_at, page_id);
create index bundles_by_time on bundles (created_at, id);
create index escalations_by_end on escalations (closed_at, id) where closed_at is not null;
