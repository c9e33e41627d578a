namespace HSENet.Faults;

/// <summary>Where the work is when the fault comes.</summary>
internal enum Stage
{
    Receive,
    Publish,
    Inference,
    Delivery,
}
