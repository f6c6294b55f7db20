-- Labels of open alerts, by which programs and rules ask for them: what inhibits an alert, what a filter of Alertmanager's API
-- names, which alert has this fingerprint. A narrow row of its own, written once when the alert opens and gone with its end:
-- each change of the wide row of `alerts` would write an index on its labels anew.
create table alert_labels (
  alert_id     uuid primary key references alerts (id) on delete cascade,
  fingerprint  text collate "C" not null,
  labels       jsonb not null
);
create index alert_labels_by_fingerprint on alert_labels (fingerprint);
-- Without a list of what is pending, which every reader would have to look through.
create index alert_labels_by_label on alert_labels using gin (labels jsonb_path_ops) with (fastupdate = off);

insert into alert_labels (alert_id, fingerprint, labels)
select id, signal ->> 'fingerprint', signal -> 'labels' from alerts where status <> 'resolved';
