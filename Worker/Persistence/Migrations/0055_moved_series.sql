-- Whether most images of the series in corrected_from are usable in this one: nothing more is made of that one. Before, one image was enough.
alter table series add column has_moved boolean not null default false;
update series set has_moved = true where corrected_from is not null and state = 'closed';
