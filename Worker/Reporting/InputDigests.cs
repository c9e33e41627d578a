namespace HSENet.Worker.Reporting;

/// <summary>What a report is made of, in whatever way its images were encoded and compressed.</summary>
/// <param name="Hu">SHA-256 (lower-case hex) of the volume in HU.</param>
/// <param name="Header">SHA-256 of what the images' headers say to a report; null: one of them can be read in two ways.</param>
internal sealed record InputDigests(string Hu, string? Header);
