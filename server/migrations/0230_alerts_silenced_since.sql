-- Silences that end by their rate count what began under them, every few seconds. Also what a silence holds.
create index alerts_silenced_since on alerts (silenced_by, opened_at) where silenced_by is not null;
