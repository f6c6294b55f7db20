-- Rows of these are written again and again and stay alike: what the planner knows of them does not grow old with every tenth of
-- them, and each ANALYZE makes every session plan anew what it asks of the table. The first thousands are still counted at once.
alter table due_work set (autovacuum_analyze_scale_factor = 1, autovacuum_analyze_threshold = 5000);
alter table stream_feeds set (autovacuum_analyze_scale_factor = 10);
alter table objective_states set (autovacuum_analyze_scale_factor = 10);
alter table telemetry_registry set (autovacuum_analyze_threshold = 5000);
alter table slo_registry set (autovacuum_analyze_threshold = 5000);
