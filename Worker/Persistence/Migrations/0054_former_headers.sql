-- What the instance said in what a report depends on (SHA-256) when its files were deleted; null: they are here, or were deleted by an
-- older version.
alter table former_header add column counted_report bytea check (length(counted_report) = 32);
