-- A case at a vendor: who is asked, by which contact (as the catalog said then), under which number.
alter table incident_items add column vendor_case jsonb;
alter table incident_items drop constraint incident_items_kind_check;
alter table incident_items add constraint incident_items_kind_check
  check (kind in ('task', 'decision', 'hypothesis', 'mitigation', 'vendor-case')) not valid;
