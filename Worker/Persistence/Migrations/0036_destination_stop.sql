-- Destinations that refused a report for good: the others wait, so that not each of a thousand is refused. One is tried now and then; whoever mends the cause sends them at
-- once with "jobs retry --delivery failed".
create table destination_stop(
    destination text primary key,
    job_id uuid not null references job,
    code text not null,
    detail text not null,
    refused_count int not null default 1,
    stopped_at timestamptz not null default now(),
    probe_at timestamptz not null
);
grant select, insert, update, delete on destination_stop to hsenet_service;
