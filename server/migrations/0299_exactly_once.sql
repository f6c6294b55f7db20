-- A request under an Idempotency-Key is done exactly once: the transaction of its work says so itself. Whose call it is, so that one
-- that was taken for dead commits nothing; when it was done, what that transaction answered and which entries of the journal it
-- wrote; and what was refused after it.
alter table idempotency_keys add column claim uuid;
alter table idempotency_keys add column done_at timestamptz;
alter table idempotency_keys add column result jsonb;
alter table idempotency_keys add column written jsonb;
alter table idempotency_keys add column refusal jsonb;
