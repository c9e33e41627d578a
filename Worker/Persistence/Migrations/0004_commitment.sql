-- Storage commitment (PS3.4 J): what senders ask of us, and what we ask of destinations.

-- We are the SCP: a request is here before it is answered, and ends when its result was taken.
create table commitment_request(
    request_id uuid primary key,
    calling_ae text not null,
    transaction_uid text not null,
    remote_host text not null,
    association_id uuid not null,
    reference_digest bytea not null check (length(reference_digest) = 32),
    reference_count int not null,
    failed_count int,
    state text not null check (state in ('pending', 'sending', 'reported', 'failed')),
    attempt int not null default 0,
    fence bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    not_before timestamptz not null default now(),
    created_at timestamptz not null default now(),
    ended_at timestamptz,
    error_code text,
    error_detail text,
    unique (calling_ae, transaction_uid)
);
create index commitment_request_waiting on commitment_request(not_before) where state in ('pending', 'sending');

create table commitment_reference(
    request_id uuid not null references commitment_request,
    position int not null,
    sop_class_uid text not null,
    sop_instance_uid text not null,
    failure_reason int,
    primary key (request_id, position)
);
create index instance_sop on instance(sop_instance_uid);

-- We are the SCU: one row for each time that a destination is asked about a stored report, made before it is asked.
create table commitment(
    transaction_uid text primary key,
    delivery_id uuid not null references delivery,
    round int not null,
    state text not null check (state in ('due', 'asking', 'asked', 'committed', 'refused', 'unanswered', 'superseded')),
    fence bigint not null default 0,
    lease_owner text,
    lease_until timestamptz,
    not_before timestamptz not null default now(),
    answer_by timestamptz,
    created_at timestamptz not null default now(),
    asked_at timestamptz,
    ended_at timestamptz,
    failure_reason int,
    error_code text,
    error_detail text,
    unique (delivery_id, round)
);
create index commitment_open on commitment(delivery_id) where state in ('due', 'asking', 'asked');

alter table delivery add column committed_at timestamptz;

grant select, insert, update on commitment_request, commitment_reference, commitment to hsenet_service;
