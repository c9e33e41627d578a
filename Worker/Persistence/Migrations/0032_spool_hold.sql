-- Who works with the spool. A copy of it has the same id: a gateway on one is told by the session lock that the live one holds, and afterwards by the turn, which
-- grows at each start of a gateway and lies in the spool too (Worker/Ingest/SpoolHold.cs).
alter table installation
    add column spool_turn bigint not null default 0,
    add column spool_nonce text,
    add column spool_folder text,
    add column spool_holder text;
grant update(spool_turn, spool_nonce, spool_folder, spool_holder) on installation to hsenet_service;
