namespace HSENet.Model;

/// <summary>A broken promise in the model's files or inputs. <see cref="Code"/> is stable and reaches the operator.</summary>
public sealed class HSENetModelException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Dotted, for example <c>model.directory</c>, <c>weights.missing</c>, <c>weights.shape</c>, <c>model.config</c>.</summary>
    public string Code { get; } = code;
}
