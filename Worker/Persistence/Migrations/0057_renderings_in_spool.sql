-- Reports that were made in another SR class get their copies in the spool too, beside that of the report.
update draft set spool_copy = 'due' where spool_copy = 'kept' and job_id in (select job_id from draft_rendering);
