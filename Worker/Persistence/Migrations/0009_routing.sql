-- Routes with one report for each study, and traces across processes.

-- A series that closed for a route of which each study gets one report. Waiting until the study is at rest; then one of them is chosen and becomes a job.
create table candidate(
    candidate_id uuid primary key default gen_random_uuid(),
    study_uid text not null,
    route text not null,
    series_key uuid not null references series,
    series_revision int not null,
    content_hash text not null,
    is_partial boolean not null,
    is_sharp boolean not null,
    spacing_mm double precision not null,
    slice_count int not null,
    mode text not null check (mode in ('shadow', 'draft')),
    model text not null,
    priority smallint not null,
    destinations text[] not null,
    trace_context text,
    -- replaced: another one was chosen after it; passed: another one was better; failed: its job found that it is not to be reported on
    state text not null default 'waiting' check (state in ('waiting', 'chosen', 'replaced', 'passed', 'failed')),
    job_id uuid references job,
    created_at timestamptz not null default now(),
    decided_at timestamptz,
    unique (series_key, series_revision, route)
);
create unique index candidate_chosen on candidate(study_uid, route) where state = 'chosen';
create index candidate_waiting on candidate(created_at) where state = 'waiting';
create index candidate_study on candidate(study_uid, route);
create index candidate_job on candidate(job_id) where job_id is not null;
grant select, insert, update on candidate to hsenet_service;

-- W3C Trace Context (traceparent) of the work that made the row.
alter table association add column trace_context text;
alter table job add column trace_context text;

-- What an operator and the metrics ask for all the time: what has not ended well, however many jobs have.
create index job_undrafted on job(state, created_at) where state <> 'drafted';
create index delivery_undone on delivery(state, created_at) where state not in ('stored', 'committed');
