-- Gateway and inference as processes of their own.

-- Where the report of a job goes, as its route said when the job was made: the process that writes the report need not know the destinations.
-- Null in older rows: the next gateway that starts fills them in.
alter table job add column destinations text[];

-- Messages that ended in a dead-letter queue, so that each counts once against its job, however often the queue is looked at.
create table dead_letter(
    message_key text primary key,
    job_id uuid,
    queue text not null,
    reason text not null,
    seen_at timestamptz not null default now()
);
grant select, insert on dead_letter to hsenet_service;
