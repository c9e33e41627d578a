-- The report that is newest at a destination is of the header that counts.

-- How often a header that had been replaced counted again in this series: at most once in a revision, and in which it did last. A job of
-- the same content as one before such a return is another job.
alter table series add column header_returns int not null default 0;
alter table series add column returned_revision int;
alter table job add column header_returns int not null default 0;
alter table job drop constraint job_series_key_content_hash_route_model_key;
alter table job add unique (series_key, content_hash, route, model, header_returns);

-- The revision in which a header was last changed in what a report depends on: a report of an earlier one, and of other content, is not
-- sent any more.
alter table series add column header_revision int;

-- Whether what replaced this header says something else to a report. Rows of before: not known.
alter table former_header add column matters boolean not null default true;

-- Whether a series was moved to another study.
create index series_corrected_from on series(corrected_from) where corrected_from is not null;

-- superseded: the images were corrected before the report was sent.
alter table delivery drop constraint delivery_state_check;
alter table delivery add constraint delivery_state_check
    check (state in ('pending', 'sending', 'stored', 'committed', 'failed', 'superseded'));
