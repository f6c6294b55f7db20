-- Set right before the first byte of a message leaves. False: nothing has left, so that a process that dies with its claim
-- costs no copy. Null: of an attempt of before this was written down; it may have left.
alter table delivery_attempts add column written boolean;
