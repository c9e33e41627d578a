-- Append-only audit rows. The service inserts and reads; triggers refuse everything else, for the owner too.

create schema audit;

create table audit.event(
    event_id bigint generated always as identity,
    at timestamptz not null default clock_timestamp(),
    event text not null,
    dcm_code text,
    dcm_type text,
    action char(1) not null check (action in ('C', 'R', 'U', 'D', 'E')),
    outcome smallint not null check (outcome in (0, 4, 8, 12)),
    actor text not null,
    association_id uuid,
    series_key uuid,
    job_id uuid,
    destination text,
    study_uid text,
    series_uid text,
    sop_instance_uid text,
    reason text,
    details text not null default '{}' check (details::jsonb is not null),
    primary key (event_id, at)
) partition by range (at);
create index event_series on audit.event(series_key) where series_key is not null;
create index event_job on audit.event(job_id) where job_id is not null;

create function audit.refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'audit rows are append-only: % on %.% is refused', tg_op, tg_table_schema, tg_table_name using errcode = '42501';
end $$;

create trigger event_append_only before update or delete on audit.event for each row execute function audit.refuse_change();
create trigger event_no_truncate before truncate on audit.event for each statement execute function audit.refuse_change();

create table audit.event_default partition of audit.event default;
create trigger event_no_truncate before truncate on audit.event_default for each statement execute function audit.refuse_change();

-- Makes sure that the month of the given day has its own partition. Rows that already went to the default partition stay there.
create function audit.ensure_month(day date) returns boolean language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
    first_day date := date_trunc('month', day)::date;
    partition_name text := 'event_' || to_char(day, 'YYYY_MM');
begin
    if day < current_date - 40 or day > current_date + 400 then
        raise exception 'audit.ensure_month: % is not near today', day using errcode = '22023';
    end if;
    perform pg_advisory_xact_lock(hashtext('audit.ensure_month'));
    if exists (select from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'audit' and c.relname = partition_name) then
        return false;
    end if;
    if exists (select from audit.event_default where at >= first_day::timestamp at time zone 'UTC'
                  and at < (first_day + interval '1 month') at time zone 'UTC') then
        return false;
    end if;
    execute format('create table audit.%I partition of audit.event for values from (%L) to (%L)',
        partition_name, first_day::text || ' 00:00:00+00', (first_day + interval '1 month')::date::text || ' 00:00:00+00');
    execute format('create trigger event_no_truncate before truncate on audit.%I for each statement execute function audit.refuse_change()',
        partition_name);
    return true;
end $$;

revoke all on function audit.ensure_month(date) from public;
grant usage on schema audit to hsenet_service;
grant select, insert on audit.event to hsenet_service;
grant execute on function audit.ensure_month(date) to hsenet_service;

select audit.ensure_month((current_date + make_interval(months => n))::date) from generate_series(0, 3) n;
