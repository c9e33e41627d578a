namespace HSENet.Trainer.Evaluation.Runs;

/// <summary>A line of <c>embeddings.jsonl</c>: where each stage puts a volume and its report. Little-endian float32, base64, length 1.</summary>
internal sealed record CaseEmbedding(
    string Id, byte[]? Stage1Volume, byte[]? Stage1Report, byte[]? Stage2Volume, byte[]? Stage2Report, double LoadSeconds, double EncodeSeconds)
{
    public byte[]? Volume(int stage) => stage == 1 ? Stage1Volume : Stage2Volume;

    public byte[]? Report(int stage) => stage == 1 ? Stage1Report : Stage2Report;
}
