namespace HSENet.Worker.Observability;

/// <summary>Permanent ids of log messages, in bands of one feature each. Never reused.</summary>
internal static class EventIds
{
    // 900 host
    public const int Started = 900;
    public const int Stopping = 901;
    public const int SweepFailed = 902;
    public const int SweepRecovered = 903;
    public const int ObserverFailed = 904;
    public const int NoDestination = 905;
    public const int StandInToolkit = 906;
    public const int CodecAbsent = 907;
    public const int WebListening = 910;

    // 1000 ingest
    public const int Listening = 1000;
    public const int AssociationOpened = 1001;
    public const int AssociationRejected = 1002;
    public const int AssociationClosed = 1003;
    public const int InstanceRefused = 1004;
    public const int InstanceConflict = 1005;
    public const int SpoolShort = 1006;
    public const int StoreFailed = 1007;
    public const int LedgerUnavailable = 1008;
    public const int SpoolReconciled = 1009;
    public const int InstanceStored = 1010;
    public const int InstanceRestored = 1011;
    public const int HeaderTaken = 1012;
    public const int QuarantineFull = 1013;
    public const int NothingAccepted = 1014;
    public const int SpoolRetained = 1040;
    public const int SpoolFolderLeft = 1041;
    public const int SpoolFileUnread = 1090;
    public const int SpoolHoldLost = 1050;
    public const int SpoolHoldBack = 1051;
    public const int SpoolTaken = 1052;
    public const int DatabaseIsOlder = 1053;
    public const int ListeningTls = 1020;
    public const int HandshakeFailed = 1021;
    public const int HandshakeAbandoned = 1022;
    public const int ConnectionRefused = 1024;
    public const int CertificateTime = 1023;
    public const int CommitmentRequested = 1030;
    public const int CommitmentNoAddress = 1031;
    public const int CommitmentReported = 1032;
    public const int CommitmentReportRetried = 1033;
    public const int CommitmentReportFailed = 1034;

    // 2000 series
    public const int SeriesClosed = 2000;
    public const int SeriesRefused = 2001;
    public const int SeriesReopened = 2002;
    public const int SeriesJudgeFailed = 2003;
    public const int SeriesEndFailed = 2004;
    public const int SeriesNoted = 2020;

    // 3000 routing
    public const int JobCreated = 3000;
    public const int SeriesUnrouted = 3001;
    public const int RoutesChanged = 3002;
    public const int RoutesRefused = 3003;
    public const int SettingsNeedRestart = 3004;

    // 4000 inference
    public const int ModelLoaded = 4000;
    public const int JobClaimed = 4001;
    public const int JobDropped = 4002;
    public const int JobFailed = 4003;
    public const int JobRetried = 4004;
    public const int JobDead = 4005;
    public const int LeaseLost = 4006;
    public const int LeaseRenewalFailed = 4007;
    public const int JobRunFailed = 4008;
    public const int JobRequeued = 4009;
    public const int JobClaimDelayed = 4010;
    public const int ModelUnloaded = 4011;
    public const int GpuMemoryShort = 4012;
    public const int GpuMemoryBack = 4013;

    // 5000 reporting
    public const int Drafted = 5000;
    public const int KeptReportTaken = 5001;
    public const int ReportUnkept = 5002;
    public const int ContentNoted = 5003;

    // 6000 delivery
    public const int DeliveryStored = 6000;
    public const int DeliveryRetried = 6001;
    public const int DeliveryFailed = 6002;
    public const int DeliveryUnknownDestination = 6003;
    public const int DestinationStopped = 6004;
    public const int CommitmentAsked = 6010;
    public const int CommitmentAskRetried = 6011;
    public const int CommitmentUnanswered = 6012;
    public const int CommitmentGivenUp = 6013;
    public const int CommitmentTaken = 6014;
    public const int CommitmentRefused = 6015;
    public const int CommitmentUnknownTransaction = 6016;
    public const int CommitmentClosedDoor = 6017;

    // 7000 persistence and queue
    public const int ListenerLost = 7000;
    public const int ListenerConnected = 7001;
    public const int JobsDispatched = 7002;
    public const int AuditWriteFailed = 7003;
    public const int DatabaseAway = 7004;
    public const int DatabaseBack = 7005;
    public const int AuditHead = 7010;
    public const int AuditPartitionsFailed = 7011;
    public const int TimesMended = 7012;
    public const int SchedulesStarted = 7020;
    public const int CheckFailed = 7021;
    public const int CheckPassed = 7022;
    public const int BrokerDown = 7100;
    public const int BrokerUp = 7101;
    public const int QueueTrouble = 7102;
    public const int QueueWorks = 7103;
    public const int DeadLetterFound = 7104;
    public const int DeadLettersUnread = 7105;
    public const int QueueWrong = 7106;
    public const int QueueRight = 7107;
    public const int MessageLost = 7109;
    public const int ConsumerRestarted = 7110;
    public const int ConsumerNotRestarted = 7111;
    public const int OutcomeKept = 7200;
    public const int OutcomeWritten = 7201;
}
