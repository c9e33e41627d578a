namespace HSENet.Faults;

/// <summary>Something was lost, doubled or wrong, or did not come in time.</summary>
internal sealed class FaultException(string message) : Exception(message);
