-- Rounds for alerts nobody has heard of leave the lane of first pages (lane 0) for the next one (lane 1): in a storm with
-- every channel down they are as many as the alerts.
update due_work set lane = 1 where kind = 'oncall.page-unheard' and lane = 0;
