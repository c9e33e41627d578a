namespace HSENet.Faults.Site;

/// <summary>What the PACS does with a report.</summary>
internal enum PacsMode
{
    /// <summary>Keeps it and answers 0000.</summary>
    Keep,

    /// <summary>Rejects associations as transient.</summary>
    Reject,

    /// <summary>Answers A700 and keeps nothing.</summary>
    OutOfResources,

    /// <summary>Aborts on the request and keeps nothing.</summary>
    AbortBefore,

    /// <summary>Keeps it and aborts instead of answering: the sender cannot know.</summary>
    AbortAfter,

    /// <summary>Keeps it and answers after some seconds.</summary>
    Slow,
}
