namespace HSENet.Trainer.Evaluation.Results;

/// <summary>Answers to questions that want yes or no.</summary>
/// <param name="Yes">Questions whose answer is yes.</param>
/// <param name="No">Questions whose answer is no.</param>
/// <param name="RightYes">Of the former, answered yes.</param>
/// <param name="RightNo">Of the latter, answered no.</param>
/// <param name="Unclear">Answers whose first word is neither; they are wrong.</param>
internal sealed record PresenceScore(int Yes, int No, int RightYes, int RightNo, int Unclear)
{
    public int Count => Yes + No;

    public double Accuracy => (double)(RightYes + RightNo) / Count;

    /// <summary>Mean of the accuracies of both answers, as far as they occur: always giving the same answer scores a half.</summary>
    public double BalancedAccuracy => Yes == 0 ? (double)RightNo / No : No == 0 ? (double)RightYes / Yes : 0.5 * ((double)RightYes / Yes + (double)RightNo / No);

    /// <summary>Accuracy of always giving the more frequent answer.</summary>
    public double Majority => (double)Math.Max(Yes, No) / Count;

    /// <returns>Null: no question wants yes or no.</returns>
    public static PresenceScore? Compute(IEnumerable<(string Prediction, string Answer)> items)
    {
        var (yes, no, rightYes, rightNo, unclear) = (0, 0, 0, 0, 0);
        foreach (var (prediction, answer) in items)
        {
            if (Judge(answer) is not { } truth)
            {
                continue;
            }

            var given = Judge(prediction);
            yes += truth ? 1 : 0;
            no += truth ? 0 : 1;
            rightYes += truth && given == true ? 1 : 0;
            rightNo += !truth && given == false ? 1 : 0;
            unclear += given is null ? 1 : 0;
        }

        return yes + no == 0 ? null : new(yes, no, rightYes, rightNo, unclear);
    }

    private static bool? Judge(string text) => text.Trim().Split([' ', '.', ',', ';', '!'], 2)[0].ToLowerInvariant() switch { "yes" => true, "no" => false, _ => null };
}
