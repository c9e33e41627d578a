-- Corrections of a patient from before header_revision was kept: a report of the uncorrected one that still waits is not sent either.
update series set header_revision = corrected_revision where header_revision is null and corrected_revision is not null and corrected_from is null;
