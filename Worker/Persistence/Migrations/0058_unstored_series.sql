-- The series of an instance that did not come whole or was refused; null: its beginning does not tell, or it has none. No reference: nothing of the series need be here.
alter table unstored_instance add column series_key uuid;
create index unstored_instance_series on unstored_instance(series_key) where series_key is not null;
