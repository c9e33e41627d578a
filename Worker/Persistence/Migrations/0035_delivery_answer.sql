-- What the destination answered last, in its own words (values of the patient are masked before they come here); null when nothing was answered.
alter table delivery add column answer_status int;
alter table delivery add column answer_comment text;
alter table delivery add column answer_elements text;
