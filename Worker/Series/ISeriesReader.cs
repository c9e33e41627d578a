using HSENet.Dicom.Series;
using HSENet.Worker.Configuration;
using HSENet.Worker.Routing;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Series;

/// <summary>Judges and reads the files of a series.</summary>
internal interface ISeriesReader
{
    GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken);

    SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken);

    /// <summary>What routing rules see of one file.</summary>
    IRuleAttributes Attributes(string file) => new SeriesRuleAttributes(SeriesAttributes.Read(file));
}

/// <summary>The real reader.</summary>
internal sealed class VolumeSeriesReader(WorkerSettings settings) : ISeriesReader
{
    private readonly GeometryLimits _limits = settings.Series.ToLimits();

    public GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        VolumeReader.Judge(files, _limits, cancellationToken);

    public SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        VolumeReader.Read(files, _limits, cancellationToken);
}
