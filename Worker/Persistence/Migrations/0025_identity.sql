-- Instances are compared by what they say, not by their bytes.

-- Five SHA-256 digests, whatever the encoding: the pixels, the header, what a report depends on, the patient, the patient's identity. Null in older rows, and where a data
-- set can be read in two ways.
alter table instance add column meaning bytea check (length(meaning) = 160);

-- SHA-256 of the file before its data set: preamble and file meta information. Null in older rows.
alter table instance add column head_digest bytea check (length(head_digest) = 32);

-- Headers that are not the one that counts: of an instance before another header was taken for it, or kept beside it. The data set without its pixels, as it came
-- (a deflated one inflated); null when it was damaged or very long.
create table former_header(
    series_key uuid not null references series,
    sop_instance_uid text not null,
    header_digest bytea not null check (length(header_digest) = 32),
    kind text not null check (kind in ('former', 'beside')),
    transfer_syntax_uid text not null,
    content bytea,
    association_id uuid references association,
    created_at timestamptz not null default now(),
    came_again_at timestamptz,
    primary key (series_key, sop_instance_uid, header_digest)
);
grant select, insert, update, delete on former_header to hsenet_service;

-- Since which revision the series is of a patient who was corrected; and of which series it came again under another Study Instance UID.
alter table series add column corrected_revision int;
alter table series add column corrected_from uuid references series;
create index series_uid on series(series_uid);

-- Why the files of a spool's quarantine are there. A file without a row was put aside while the database was away.
create table quarantined(
    name text primary key,
    host text not null,
    reason text not null,
    content_digest bytea not null check (length(content_digest) = 32),
    length_bytes bigint not null,
    source_ae text not null,
    association_id uuid,
    series_key uuid,
    sop_instance_uid text,
    kept_at timestamptz not null default now()
);
create index quarantined_content on quarantined(content_digest);
grant select, insert, delete on quarantined to hsenet_service;
