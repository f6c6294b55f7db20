-- Updates to those who decide, and to one customer of a status page by its name.
alter table incident_updates add column customer text;
alter table incident_updates drop constraint incident_updates_audience_check;
alter table incident_updates add constraint incident_updates_audience_check
  check (audience in ('responders', 'company', 'executives', 'customers', 'customer') and (audience = 'customer') = (customer is not null));
