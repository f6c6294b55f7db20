-- What became of each page: who answered when, and when its alert ended. On-call health and pay are counted from it.
alter table pages
  add column answered_at timestamptz,
  add column answered_by text,
  add column over_at timestamptz,
  -- False for pages that were made before answers were kept beside them.
  add column answer_known boolean not null default false;
alter table pages alter column answer_known set default true;
