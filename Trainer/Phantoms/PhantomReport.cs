namespace HSENet.Trainer.Phantoms;

/// <summary>What a phantom's report says.</summary>
internal sealed record PhantomReport(string Findings, string Impression);
