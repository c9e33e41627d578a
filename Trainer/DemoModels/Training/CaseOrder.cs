namespace HSENet.Trainer.DemoModels.Training;

/// <summary>Batches of case numbers, every case once before any comes again.</summary>
internal sealed class CaseOrder(int count, int batch, ulong seed)
{
    private readonly SeededGenerator _random = new(seed);
    private readonly int[] _order = [.. Enumerable.Range(0, count)];
    private int _next = int.MaxValue / 2;

    /// <summary>Steps in so many passes.</summary>
    public int Steps(double passes) => (int)Math.Round(passes * _order.Length / batch);

    public int[] Next()
    {
        if (_next + batch > _order.Length)
        {
            for (var i = _order.Length - 1; i > 0; i--)
            {
                var j = _random.Next(i + 1);
                (_order[i], _order[j]) = (_order[j], _order[i]);
            }

            _next = 0;
        }

        _next += batch;
        return _order[(_next - batch).._next];
    }
}
