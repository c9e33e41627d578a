-- Which SR class a destination gets a report in. Null: not settled yet; settled as soon as bytes may have left for it, so that it never gets the same report as two objects.
alter table delivery add column sr_class text check (sr_class in ('basic', 'enhanced', 'comprehensive'));
update delivery set sr_class = 'basic' where attempt > 0 and error_code is distinct from 'delivery.refused-context';

-- A report in another class than Basic Text SR (that one is in draft): made once, so that under its SOP Instance UID there are never other bytes.
create table draft_rendering(
    job_id uuid not null references draft(job_id),
    sr_class text not null check (sr_class in ('enhanced', 'comprehensive')),
    sop_instance_uid text not null unique,
    document bytea not null,
    created_at timestamptz not null default now(),
    primary key (job_id, sr_class)
);
grant select, insert on draft_rendering to hsenet_service;

-- What a delivery sends.
create view sent_document as
    select d.delivery_id, coalesce(x.sop_instance_uid, r.sop_instance_uid) as sop_instance_uid,
           case x.sr_class when 'enhanced' then '1.2.840.10008.5.1.4.1.1.88.22' when 'comprehensive' then '1.2.840.10008.5.1.4.1.1.88.33'
                           else '1.2.840.10008.5.1.4.1.1.88.11' end as sop_class_uid
      from delivery d join draft r on r.job_id = d.job_id left join draft_rendering x on x.job_id = d.job_id and x.sr_class = d.sr_class;
grant select on sent_document to hsenet_service;
