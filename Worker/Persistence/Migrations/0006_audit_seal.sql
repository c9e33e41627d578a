-- The chain of hashes over the audit rows.
--
-- Canonical bytes of a row: fifteen fields, each as LENGTH:VALUE (length in bytes of UTF-8) or as - for null, without anything between them:
--   '1' (this format), time in microseconds since 1970 UTC, event, dcm_code, dcm_type, action, outcome, actor, association_id, series_key,
--   job_id, destination, study_uid, series_uid, sop_instance_uid, reason, details (the text as written).
-- row_hash = SHA-256(canonical bytes)
-- chain    = SHA-256(chain of the seal before, 32 zero bytes for the first || seq, 8 bytes || event_id, 8 bytes || row_hash), big endian
-- Audit/AuditHash.cs computes the same by itself.
--
-- Rows are sealed in the order in which they are found, so one that commits late is sealed late: the chain's order is its own. The transaction of
-- each row makes sure that none is passed over: a row can only still appear with a transaction that had not ended when the sealer last looked.

-- The existing rows are of transactions that have ended.
alter table audit.event add column xid xid8 not null default '0';
alter table audit.event alter column xid set default pg_current_xact_id();
create index event_xid on audit.event(xid, event_id);

-- The service says what happened; when, under which number and in which transaction is the database's.
revoke insert on audit.event from hsenet_service;
grant insert (event, dcm_code, dcm_type, action, outcome, actor, association_id, series_key, job_id, destination,
              study_uid, series_uid, sop_instance_uid, reason, details) on audit.event to hsenet_service;

create table audit.seal(
    seq bigint primary key check (seq > 0),
    event_id bigint not null,
    at timestamptz not null,
    row_hash bytea not null check (length(row_hash) = 32),
    chain bytea not null check (length(chain) = 32),
    sealed_at timestamptz not null default clock_timestamp(),
    unique (event_id, at)
);
create trigger seal_append_only before update or delete on audit.seal for each row execute function audit.refuse_change();
create trigger seal_no_truncate before truncate on audit.seal for each statement execute function audit.refuse_change();

-- Every row of a transaction before this one has its seal.
create table audit.seal_state(
    only_row boolean primary key default true check (only_row),
    sealed_below xid8 not null
);
insert into audit.seal_state(sealed_below) values ('0');

create function audit.field(value text) returns text language sql immutable as
$$ select case when value is null then '-' else octet_length(convert_to(value, 'UTF8'))::text || ':' || value end $$;

create function audit.row_hash(e audit.event) returns bytea language sql stable as $$
    select sha256(convert_to(
        audit.field('1') || audit.field((extract(epoch from e.at) * 1000000)::bigint::text) || audit.field(e.event) || audit.field(e.dcm_code)
        || audit.field(e.dcm_type) || audit.field(e.action::text) || audit.field(e.outcome::text) || audit.field(e.actor)
        || audit.field(e.association_id::text) || audit.field(e.series_key::text) || audit.field(e.job_id::text) || audit.field(e.destination)
        || audit.field(e.study_uid) || audit.field(e.series_uid) || audit.field(e.sop_instance_uid) || audit.field(e.reason) || audit.field(e.details),
        'UTF8'))
$$;

-- Seals at most so many of the committed rows that have no seal. Returns their number; -1 when another session is at it.
-- Each statement below sees what was committed when it began (read committed), so:
--   the lock comes first: whoever gets it sees every seal of the one who held it;
--   the horizon comes before the rows: whatever had ended by then is among them.
create function audit.seal_rows(most int) returns int language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    horizon xid8;
    floor_xid xid8;
    last_xid xid8;
    last_seq bigint := 0;
    last_chain bytea := decode(repeat('00', 32), 'hex');
    sealed int := 0;
    e record;
begin
    if current_setting('transaction_isolation') <> 'read committed' then
        raise exception 'audit.seal_rows needs read committed' using errcode = '25001';
    end if;
    if not pg_try_advisory_xact_lock(hashtext('audit.seal_rows')) then
        return -1;
    end if;

    horizon := pg_snapshot_xmin(pg_current_snapshot());
    select s.sealed_below into floor_xid from audit.seal_state s;
    if floor_xid > pg_snapshot_xmax(pg_current_snapshot()) then
        floor_xid := '0';     -- a dump of another server was restored here: its transactions say nothing about ours
    end if;

    select s.seq, s.chain into last_seq, last_chain from audit.seal s order by s.seq desc limit 1;
    if not found then
        last_seq := 0;
        last_chain := decode(repeat('00', 32), 'hex');
    end if;

    for e in
        select r.event_id, r.at, r.xid, audit.row_hash(r) as row_hash from audit.event r
         where r.xid >= floor_xid
           and not exists (select from audit.seal s where s.event_id = r.event_id and s.at = r.at)
         order by r.xid, r.event_id limit most
    loop
        last_seq := last_seq + 1;
        last_chain := sha256(last_chain || int8send(last_seq) || int8send(e.event_id) || e.row_hash);
        insert into audit.seal(seq, event_id, at, row_hash, chain) values (last_seq, e.event_id, e.at, e.row_hash, last_chain);
        last_xid := e.xid;
        sealed := sealed + 1;
    end loop;

    if sealed = most and last_xid < horizon then
        horizon := last_xid;
    end if;
    if horizon > floor_xid and exists (select from audit.event r where r.xid >= floor_xid) then
        update audit.seal_state set sealed_below = horizon;
    end if;
    return sealed;
end $$;

revoke all on function audit.field(text), audit.row_hash(audit.event), audit.seal_rows(int), audit.refuse_change() from public;
grant select on audit.seal, audit.seal_state to hsenet_service;
grant execute on function audit.seal_rows(int) to hsenet_service;

select audit.seal_rows(2147483647);
