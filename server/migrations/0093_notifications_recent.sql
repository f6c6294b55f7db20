-- What a person heard in the last minute is asked before each page, also when thousands wait in one bundle.
create index page_notices_single on page_notices (person, created_at) where bundle_id is null;
create index page_notices_bundled on page_notices (bundle_id, severity) where bundle_id is not null;
drop index page_notices_by_bundle;
create index bundles_by_person on bundles (person, due_at);
