using System.Runtime.InteropServices;

namespace HSENet.Model.Runtime;

/// <summary>The border to TorchSharp: what it throws becomes an error with a code.</summary>
internal static class TensorLibrary
{
    /// <exception cref="HSENetModelException">
    /// <c>model.library</c>: the native library does not load; <c>model.runtime</c>: it failed, for example for want of memory.
    /// </exception>
    public static T Run<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (ExternalException e)
        {
            throw new HSENetModelException("model.runtime", $"The tensor library failed: {FirstLine(e.Message)}", e);
        }
        catch (Exception e) when (e is TypeInitializationException or DllNotFoundException or BadImageFormatException)
        {
            throw new HSENetModelException("model.library", "The native tensor library does not load on this machine: " + FirstLine(e.GetBaseException().Message), e);
        }
    }

    private static string FirstLine(string message) => message.AsSpan().Trim().ToString().Split('\n')[0].TrimEnd();
}
