namespace HSENet.Trainer.Evaluation.Entities;

/// <summary>Kinds of RaTEScore's entities.</summary>
internal enum EntityKind
{
    Abnormality,
    NonAbnormality,
    Disease,
    NonDisease,
    Anatomy,
}
