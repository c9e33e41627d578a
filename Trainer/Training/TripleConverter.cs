using System.Text.Json;
using System.Text.Json.Serialization;

namespace HSENet.Trainer.Training;

/// <summary>Three whole numbers along (depth, axis 1, axis 2), as a list.</summary>
internal sealed class TripleConverter : JsonConverter<(int D, int H, int W)>
{
    public override (int D, int H, int W) Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        JsonSerializer.Deserialize<int[]>(ref reader, options) is [var d, var h, var w] ? (d, h, w) : throw new JsonException("three whole numbers are wanted");

    public override void Write(Utf8JsonWriter writer, (int D, int H, int W) value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, new[] { value.D, value.H, value.W }, options);
}
