-- "studies show" of an unknown study looks for the images that were refused lately.
create index event_instance_refused on audit.event(at) where event = 'instance.refused';
