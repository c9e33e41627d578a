-- Instances that an association offered and that are not here. Until now only those that were answered with "come back later".
alter table turned_away rename to unstored_instance;
alter table unstored_instance add column is_refused boolean not null default false;
