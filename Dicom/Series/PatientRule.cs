namespace HSENet.Dicom.Series;

/// <summary>
/// Are all slices of one patient? Patient ID and birth date decide; a name has to be the same as PS3.5 6.2.1 compares it, and may differ in case where the ID agrees.
/// What only some slices have (issuer, birth date, a group of the name) contradicts nobody and is noted; a Patient ID that only some have is no such trifle.
/// </summary>
internal static class PatientRule
{
    public static Refusal? Judge(IReadOnlyList<CtSlice> slices)
    {
        if (Agreement.IsPartial(slices, s => s.Patient.Id))
            return Agreement.Mixed("Patient ID", slices.First(s => s.Patient.Id is not null), slices.First(s => s.Patient.Id is null));

        return Agreement.Contradiction(slices, "Patient ID", s => s.Patient.Id)
            ?? Agreement.Contradiction(slices, "Patient's Birth Date", s => s.Patient.BirthDate)
            ?? Agreement.Contradiction(slices, "Issuer of Patient ID", s => s.Patient.Issuer)
            ?? Names(slices);
    }

    /// <summary>Of slices that passed <see cref="Judge"/>.</summary>
    public static IEnumerable<SeriesNote> Notes(IReadOnlyList<CtSlice> slices)
    {
        if (Agreement.IsPartial(slices, s => s.Patient.Issuer))
            yield return new("patient.issuer", "Issuer of Patient ID is there in some slices only");

        if (Agreement.IsPartial(slices, s => s.Patient.BirthDate))
            yield return new("patient.birth-date", "Patient's Birth Date is there in some slices only");

        var named = slices.Where(s => s.Patient.Name is not null).ToArray();
        var worst = named.Length == 0 ? PersonName.Likeness.Same : named.Max(s => s.Patient.Name!.CompareTo(named[0].Patient.Name!));
        if (worst == PersonName.Likeness.OtherCase)
            yield return new("patient.name", "Patient's Name is written in upper and lower case differently from slice to slice");
        else if (worst == PersonName.Likeness.InPart || named.Length != 0 && named.Length != slices.Count)
            yield return new("patient.name", "Patient's Name, or a part of it, is there in some slices only");
    }

    private static Refusal? Names(IReadOnlyList<CtSlice> slices)
    {
        var worstAllowed = slices[0].Patient.Id is null ? PersonName.Likeness.InPart : PersonName.Likeness.OtherCase;
        var spellings = new List<CtSlice>();
        foreach (var slice in slices.Where(s => s.Patient.Name is not null))
        {
            var name = slice.Patient.Name!;
            if (spellings.Find(s => s.Patient.Name!.CompareTo(name) > worstAllowed) is { } other)
                return Agreement.Mixed("Patient's Name", other, slice);

            if (spellings.TrueForAll(s => s.Patient.Name!.CompareTo(name) != PersonName.Likeness.Same))
                spellings.Add(slice);
        }

        return null;
    }
}
