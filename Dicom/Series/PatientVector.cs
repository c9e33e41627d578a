namespace HSENet.Dicom.Series;

/// <summary>A direction or a position in the patient coordinate system (PS3.3 C.7.6.2.1.1): x to the left, y to the back, z to the head; mm.</summary>
internal readonly record struct PatientVector(double X, double Y, double Z)
{
    public double Length => Math.Sqrt(Dot(this));

    public double AbsoluteSum => Math.Abs(X) + Math.Abs(Y) + Math.Abs(Z);

    public static PatientVector operator -(PatientVector a, PatientVector b) => new(a.X - b.X, a.Y - b.Y, a.Z - b.Z);

    public static PatientVector operator *(PatientVector a, double scale) => new(a.X * scale, a.Y * scale, a.Z * scale);

    public double Dot(PatientVector other) => X * other.X + Y * other.Y + Z * other.Z;

    public PatientVector Cross(PatientVector other) =>
        new(Y * other.Z - Z * other.Y, Z * other.X - X * other.Z, X * other.Y - Y * other.X);

    /// <summary>Angle between two directions of any length, degrees.</summary>
    public double AngleTo(PatientVector other) => double.RadiansToDegrees(Math.Atan2(Cross(other).Length, Dot(other)));

    /// <summary>The patient direction that this one is nearest to: L R A P S or I.</summary>
    public char Letter()
    {
        var (x, y, z) = (Math.Abs(X), Math.Abs(Y), Math.Abs(Z));
        if (z >= x && z >= y)
            return Z > 0 ? 'S' : 'I';

        if (x >= y)
            return X > 0 ? 'L' : 'R';

        return Y > 0 ? 'P' : 'A';
    }
}
