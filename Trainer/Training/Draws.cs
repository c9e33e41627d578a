using HSENet.Trainer.DemoModels;

namespace HSENet.Trainer.Training;

/// <summary>Seeds that depend on nothing but what they are for, so that a resumed run, or one on other threads, draws the same.</summary>
internal static class Draws
{
    /// <summary>For a shuffle of the studies.</summary>
    public static Random ForOrder(int seed, int epoch) => new(Mix(seed, 1, epoch));

    /// <summary>For what is done to one study in one epoch, whichever process and batch it falls to.</summary>
    public static Random ForItem(int seed, int epoch, int item) => new(Mix(seed, 2, epoch, item));

    /// <summary>For the draws of one forward pass: texts, prompts.</summary>
    public static Random ForStep(int seed, long step, int pass, int rank) => new(Mix(seed, 3, step, pass, rank));

    /// <summary>For the tensor library's own generator (dropout) in one forward pass.</summary>
    public static int ForDropout(int seed, long step, int pass, int rank) => Mix(seed, 4, step, pass, rank);

    /// <returns>0 or more.</returns>
    private static int Mix(int seed, params ReadOnlySpan<long> parts)
    {
        var state = (ulong)(uint)seed;
        foreach (var part in parts)
        {
            state = new SeededGenerator(state ^ (ulong)part).Next();
        }

        return (int)(state & int.MaxValue);
    }
}
