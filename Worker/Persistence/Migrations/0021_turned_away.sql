-- Instances that an association offered, that were answered with "come back later" and had not come by its end.
create table turned_away(
    association_id uuid not null references association,
    sop_instance_uid text not null,
    primary key (association_id, sop_instance_uid)
);
grant select, insert on turned_away to hsenet_service;
