-- Several routes may stand on one line of a file: which one a group is of is its place, depth first. Groups of before held lines:
-- they go, whoever waited in one is told now, and what opens from here on is grouped anew.
insert into alert_turns (alert_id, task, rank)
  select distinct member.alert_id, 'tell', 0 from route_group_members member join alerts on alerts.id = member.alert_id
  where not member.told and alerts.status <> 'resolved'
  on conflict do nothing;
delete from route_groups;
alter table route_groups rename column line to place;
