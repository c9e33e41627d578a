-- Whose files the rows are about: the identity that the gateway's spool keeps in its file "id". Null until the first gateway starts, and when an operator has given up a spool
-- that is lost (deploy/docs/operations.md, spool.other).
alter table installation add column spool_id text;
grant update(spool_id) on installation to hsenet_service;
