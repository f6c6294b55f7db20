-- Since when objectives are evaluated without a longer break: whoever was away himself cannot say that others were silent.
alter table slo_engine add column ticked_at timestamptz, add column listens_since timestamptz;
