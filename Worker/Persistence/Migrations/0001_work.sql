-- Receiving, series, jobs, drafts, deliveries. All times are the database's clock.

do $$
begin
    if not exists (select from pg_roles where rolname = 'hsenet_service') then
        begin
            create role hsenet_service nologin;
        exception when insufficient_privilege then
            raise exception 'the role hsenet_service is missing and this role may not create it: create it as a superuser (deploy/dev/up.sh does), then migrate again';
        end;
    end if;
end $$;

create table installation(
    only_row boolean primary key default true check (only_row),
    deployment_id uuid not null default gen_random_uuid()
);
insert into installation default values;

create table association(
    association_id uuid primary key,
    host text not null,
    calling_ae text not null,
    called_ae text not null,
    remote_host text not null,
    remote_port int not null,
    opened_at timestamptz not null default now(),
    closed_at timestamptz,
    ending text check (ending in ('released', 'aborted', 'connection-lost', 'host-stopped')),
    stored_count int not null default 0,
    duplicate_count int not null default 0,
    conflict_count int not null default 0,
    refused_count int not null default 0,
    check ((closed_at is null) = (ending is null))
);
create index association_open on association(opened_at) where closed_at is null;

create table series(
    series_key uuid primary key,
    study_uid text not null,
    series_uid text not null,
    modality text,
    state text not null check (state in ('receiving', 'closed', 'refused')),
    revision int not null default 1,
    instance_count int not null default 0,
    completeness text check (completeness in ('complete', 'partial')),
    content_hash text,
    refusal_code text,
    refusal_detail text,
    source_ae text not null,
    created_at timestamptz not null default now(),
    opened_at timestamptz not null default now(),
    last_instance_at timestamptz not null default now(),
    closed_at timestamptz
);
-- The key derives from both UIDs. A second unique constraint would turn two first instances arriving at once into an error: an upsert waits
-- on its own conflict target only.
create index series_uids on series(study_uid, series_uid);
create index series_receiving on series(last_instance_at) where state = 'receiving';

create table instance(
    instance_key uuid primary key,
    series_key uuid not null references series,
    revision int not null,
    sop_instance_uid text not null,
    sop_class_uid text not null,
    transfer_syntax_uid text not null,
    instance_number int,
    digest bytea not null check (length(digest) = 32),
    length_bytes bigint not null,
    association_id uuid references association,
    received_at timestamptz not null default now(),
    unique (series_key, sop_instance_uid)
);

-- Which associations carry which series: evidence for completion, and the numbers of the audit rows.
create table association_series(
    association_id uuid not null references association,
    series_key uuid not null references series,
    stored_count int not null default 0,
    duplicate_count int not null default 0,
    conflict_count int not null default 0,
    primary key (association_id, series_key)
);
create index association_series_series on association_series(series_key);

create table job(
    job_id uuid primary key,
    series_key uuid not null references series,
    series_revision int not null,
    content_hash text not null,
    is_partial boolean not null,
    route text not null,
    mode text not null check (mode in ('shadow', 'draft')),
    model text not null,
    priority smallint not null default 1,
    state text not null check (state in ('ready', 'queued', 'running', 'drafted', 'failed', 'dead', 'cancelled')),
    attempt int not null default 0,
    fence bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    not_before timestamptz not null default now(),
    predecessor_job_id uuid references job,
    created_at timestamptz not null default now(),
    queued_at timestamptz,
    report_created_at timestamptz,
    ended_at timestamptz,
    model_digest text,
    error_code text,
    error_detail text,
    unique (series_key, content_hash, route, model)
);
create index job_ready on job(priority desc, created_at) where state = 'ready';
create index job_queued on job(queued_at) where state = 'queued';
create index job_running on job(lease_until) where state = 'running';

-- The finished report: written once, with the transition to drafted.
create table draft(
    job_id uuid primary key references job,
    series_instance_uid text not null,
    sop_instance_uid text not null unique,
    document bytea not null,
    text text not null,
    finish_reason text not null,
    manifest jsonb not null,
    created_at timestamptz not null default now()
);

create table delivery(
    delivery_id uuid primary key,
    job_id uuid not null references job,
    destination text not null,
    state text not null check (state in ('pending', 'sending', 'stored', 'committed', 'failed')),
    attempt int not null default 0,
    fence bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    not_before timestamptz not null default now(),
    created_at timestamptz not null default now(),
    stored_at timestamptz,
    warning_status int,
    error_code text,
    error_detail text,
    unique (job_id, destination)
);
create index delivery_waiting on delivery(destination, not_before) where state in ('pending', 'sending');

grant usage on schema public to hsenet_service;
grant select on installation to hsenet_service;
grant select, insert, update on association, series, instance, association_series, job, delivery to hsenet_service;
grant delete on instance to hsenet_service;
grant select, insert on draft to hsenet_service;
