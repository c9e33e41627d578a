-- Reports outlive the database: their bytes are kept in the spool too, and who made them is known there.

-- Whether the spool has a copy of the bytes: due (to be made before anything is sent), kept, or deleted with the images (Spool:Retention).
alter table draft add column spool_copy text not null default 'due' check (spool_copy in ('due', 'kept', 'deleted'));
update draft d set spool_copy = 'deleted' from job j join series s using (series_key) where j.job_id = d.job_id and s.instance_count = 0;
create index draft_uncopied on draft(created_at) where spool_copy = 'due';
grant update(spool_copy) on draft to hsenet_service;

-- A database that is made anew over a spool goes on under the spool's identity.
grant update(deployment_id) on installation to hsenet_service;
