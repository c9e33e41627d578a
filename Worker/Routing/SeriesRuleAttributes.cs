using HSENet.Dicom.Series;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Routing;

/// <summary>What rules see of a series: the header of one of its instances.</summary>
internal sealed class SeriesRuleAttributes(SeriesAttributes attributes) : IRuleAttributes
{
    public IReadOnlyList<string> Values(string keyword) => attributes.Values(keyword);
}
