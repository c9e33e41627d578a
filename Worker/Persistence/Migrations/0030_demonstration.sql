-- A demonstration reaches a destination only where the settings say so (Destinations:N:AllowDemonstration).

-- Names of such destinations, written by each gateway at its start: the process that writes a report need not know the destinations.
alter table installation add column demonstration_destinations text[] not null default '{}';
grant update(demonstration_destinations) on installation to hsenet_service;

-- What the model of a report is for (hsenet.json); null in a report whose manifest does not tell.
alter table draft add column model_purpose text;
update draft set model_purpose = manifest->'model'->>'purpose';
