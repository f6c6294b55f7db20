-- Keys that all processes of an installation share, sealed under the installation's own key (MAINSTAY_KEY_FILE or the
-- data folder), which never enters the database.
create table sealed_keys (
  name       text primary key,
  sealed     text not null,
  sealed_at  timestamptz not null default mainstay_now()
);
