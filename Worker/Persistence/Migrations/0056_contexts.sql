-- What may have kept an unknown study away: a sender of which no presentation context was taken, too. An index that lacks one of the events is used for none.
drop index audit.event_refused;
create index event_refused on audit.event(at)
 where event in ('association.refused', 'association.contexts', 'association.tls-failed', 'connection.refused');
