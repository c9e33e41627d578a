-- What an operator finds a study by, and what was refused of an association. Older series have no accession here: their studies are found by UID.
alter table series add column accession text;
create index series_accession on series(accession) where accession is not null;
create index event_association on audit.event(association_id) where association_id is not null and event in ('instance.refused', 'instance.conflict');
create index event_association_refused on audit.event(at) where event in ('association.refused', 'association.tls-failed');
