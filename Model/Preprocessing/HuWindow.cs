namespace HSENet.Model.Preprocessing;

/// <summary>Clips HU to a window and divides.</summary>
/// <param name="Low">Lower limit, HU.</param>
/// <param name="High">Upper limit, HU.</param>
/// <param name="Divisor">What the clipped value is divided by; 1 = nothing.</param>
internal readonly record struct HuWindow(double Low, double High, double Divisor = 1)
{
    public double Apply(short hu) => Math.Min(Math.Max(hu, Low), High) / Divisor;
}
