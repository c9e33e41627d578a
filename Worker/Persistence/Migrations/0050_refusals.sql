-- What may have turned an unknown study away: connections that were closed at once, too. The index of 0040 covers two of the three events, and so is used for none.
drop index audit.event_association_refused;
create index event_refused on audit.event(at) where event in ('association.refused', 'association.tls-failed', 'connection.refused');
