-- Why a series counts as complete or not.

-- timed-out: the peer sent nothing for the idle timeout, and we aborted.
alter table association drop constraint association_ending_check;
alter table association add constraint association_ending_check
    check (ending in ('released', 'aborted', 'connection-lost', 'timed-out', 'host-stopped'));

-- When the peer of an ended association was last heard of: earlier than closed_at after a silence, or when the end could not be recorded at once.
alter table association add column heard_at timestamptz;

-- Stable code of what keeps a partial series, and a report of it, from being complete. Null in older rows.
alter table series add column partial_reason text;
alter table candidate add column partial_reason text;
alter table job add column partial_reason text;
