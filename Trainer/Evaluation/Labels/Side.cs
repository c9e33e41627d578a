namespace HSENet.Trainer.Evaluation.Labels;

/// <summary>The patient's side that a clause names.</summary>
[Flags]
internal enum Side
{
    None = 0,
    Right = 1,
    Left = 2,
    Both = Right | Left,
}
