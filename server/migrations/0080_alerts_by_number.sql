-- Alerts are spoken of by their number. Incidents have this index from the start, by being unique.
create index alerts_by_number on alerts (number);
