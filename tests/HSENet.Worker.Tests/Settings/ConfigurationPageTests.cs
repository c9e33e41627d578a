using HSENet.TestKit;

namespace HSENet.Worker.Tests.Settings;

/// <summary>The page of all settings is never behind the program, and the program never behind the contract.</summary>
public sealed class ConfigurationPageTests
{
    [Fact]
    public void The_page_is_what_the_options_say()
    {
        var text = ConfigurationPage.Text();
        if (Environment.GetEnvironmentVariable(ConfigurationPage.WriteSwitch) == "1")
            File.WriteAllText(Repo.Path(ConfigurationPage.File), text);

        var page = File.ReadAllText(Repo.Path(ConfigurationPage.File));
        Assert.True(page == text, $"{ConfigurationPage.File} is behind: {ConfigurationPage.WriteSwitch}=1 tests/run.sh Worker --filter ConfigurationPage\n{FirstDifference(page, text)}");
    }

    [Theory] // design.md section 5, row by row
    [InlineData("Roles", "gateway,inference")]
    [InlineData("Dicom:AeTitle", "HSENET")]
    [InlineData("Dicom:Port", "11112")]
    [InlineData("Dicom:BindAddress", "127.0.0.1")]
    [InlineData("Dicom:Tls:Enabled", "false")]
    [InlineData("Dicom:Tls:Certificate", "")]
    [InlineData("Dicom:Tls:Key", "")]
    [InlineData("Dicom:Tls:ClientCa", "")]
    [InlineData("Dicom:Tls:Port", "2762")]
    [InlineData("Dicom:Sources:N:AeTitle", "")]
    [InlineData("Dicom:Sources:N:Address", "")]
    [InlineData("Series:QuietPeriod", "00:00:20")]
    [InlineData("Series:Deadline", "00:15:00")]
    [InlineData("Series:OuterLimit", "06:00:00")]
    [InlineData("Report:TimeZone", "")]
    [InlineData("Routes:N:Name", "")]
    [InlineData("Routes:N:When", "")]
    [InlineData("Routes:N:Mode", "draft")]
    [InlineData("Routes:N:Model", "")]
    [InlineData("Routes:N:Destinations:N", "")]
    [InlineData("Routes:N:Priority", "routine")]
    [InlineData("Routes:N:PerStudy", "best")]
    [InlineData("Destinations:N:Name", "")]
    [InlineData("Destinations:N:AeTitle", "")]
    [InlineData("Destinations:N:Host", "")]
    [InlineData("Destinations:N:Port", "104")]
    [InlineData("Destinations:N:Tls", "false")]
    [InlineData("Destinations:N:StorageCommitment", "false")]
    [InlineData("Database:ConnectionString", "Host=127.0.0.1;Port=55432;Database=hsenet;Username=hsenet_service;Passfile=.local/pgpass")]
    [InlineData("Database:MigrationConnectionString", "Host=127.0.0.1;Port=55432;Database=hsenet;Username=hsenet_owner;Passfile=.local/pgpass")]
    [InlineData("Queue:Transport", "memory")]
    [InlineData("Queue:Host", "localhost")]
    [InlineData("Queue:Port", "5672")]
    [InlineData("Queue:VirtualHost", "/")]
    [InlineData("Queue:User", "")]
    [InlineData("Queue:Password", "")]
    [InlineData("Queue:Tls", "false")]
    [InlineData("Data:Directory", "./data")]
    [InlineData("Spool:MinimumFreeSpace", "5GiB")]
    [InlineData("Spool:Retention", "7.00:00:00")]
    [InlineData("Model:Directory", "Model/Demo")]
    [InlineData("Model:Device", "auto")]
    [InlineData("Model:Precision", "auto")]
    [InlineData("Web:Url", "http://127.0.0.1:8080")]
    [InlineData("Web:Auth:Authority", "")]
    [InlineData("Web:Auth:ClientId", "")]
    public void A_key_of_the_contract_is_there_with_its_default(string key, string value) =>
        Assert.Equal(value, Assert.Single(Options.All(), option => option.Key == key).Default);

    [Fact]
    public void Every_option_says_what_it_does_and_no_two_are_one()
    {
        var options = Options.All();
        Assert.All(options, option => Assert.True(option.Summary.Length > 10, $"{option.Key}: {option.Summary}"));
        Assert.Equal(options.Count, options.DistinctBy(option => option.Key).Count());
    }

    [Theory] // what the page calls a check is one: words of the service, found by offering it wrong values
    [InlineData("Dicom:Port", "must be 0 to 65535")]
    [InlineData("Dicom:Tls:Enabled", "needs HSENet:Dicom:Tls:Certificate")]
    [InlineData("Spool:Retention", "must be 01:00:00 to 3650.00:00:00")]
    [InlineData("Series:Deadline", "must exceed HSENet:Series:QuietPeriod")]
    [InlineData("Destinations:N:Name", "must be 1 to 64 characters")]
    [InlineData("Destinations:N:Port", "must be 1 to 65535")]
    [InlineData("Web:Auth:ClientId", "is missing")]
    [InlineData("Web:Url", "must be a loopback address")]
    public void A_check_is_told_in_the_words_of_the_service(string key, string words) =>
        Assert.Contains(Checks.Of(Options.All().Single(option => option.Key == key)), check => check.Contains(words, StringComparison.Ordinal));

    private static string FirstDifference(string page, string text)
    {
        var (old, current) = (page.Split('\n'), text.Split('\n'));
        var at = old.Zip(current).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"page: {old.ElementAtOrDefault(at)}\nprogram: {current.ElementAtOrDefault(at)}";
    }
}
