using HSENet.Model.Text;

namespace HSENet.Trainer;

/// <summary>A broken promise in the trainer's files or inputs. <see cref="Code"/> is dotted, stable and reaches the operator.</summary>
internal sealed class TrainerException(string code, string message, Exception? inner = null) : Exception(PrintableText.Of(message), inner)
{
    public string Code { get; } = code;
}
