using HSENet.Model;
using HSENet.Model.Text;

namespace HSENet.Trainer.FineTuning;

/// <summary>
/// What the language model is asked in training: as many wordings as the reference has (42 for reports, 50 for the place of a finding), in words of
/// our own. One is drawn at random for each sample and epoch, so that the model does not hang on one wording.
/// </summary>
internal static class PromptTemplates
{
    private const int LongestPrompt = 2000;
    private const int MostPrompts = 10_000;

    /// <summary>Requests for a report.</summary>
    public static IReadOnlyList<string> Report { get; } =
    [
        "Please describe what this chest CT shows.",
        "Please report the findings of this chest scan.",
        "Please read this chest CT and write down what you see.",
        "Please go through the lungs, heart, vessels and pleura of this scan and report on each.",
        "Please put the observations of this CT volume into words.",
        "Please give the findings section for this examination.",
        "Write down what this chest scan shows.",
        "Please tell what is normal and what is not in this chest CT.",
        "Please draft the findings for this thoracic CT.",
        "Please look at the whole volume and describe it organ by organ.",
        "Please state every abnormality of this scan, with its side and size.",
        "Can you describe this CT of the chest?",
        "Could you report on this thoracic scan?",
        "Can you list the findings of this examination?",
        "Could you write the findings that go with this volume?",
        "Can you tell me what can be seen in these chest images?",
        "Could you read this scan as a radiologist would?",
        "Can you describe the lungs, mediastinum and pleura in this study?",
        "Could you put together a description of this chest CT?",
        "Can you say what this CT volume shows, region by region?",
        "Could you draft the report text for this chest study?",
        "Can you go over this scan and note what stands out?",
        "Could you describe both what is there and what is absent in this CT?",
        "What does this chest CT show?",
        "What are the findings of this scan?",
        "What would the findings section of this study say?",
        "What can be observed in this thoracic CT?",
        "What is seen in the lungs, heart and mediastinum of this patient?",
        "What abnormalities, if any, does this chest scan contain?",
        "What should be reported for this CT volume?",
        "Describe this chest CT.",
        "Report the findings.",
        "Describe the thoracic organs as they appear in this scan.",
        "Read the volume and write its findings.",
        "Compose the findings section of the radiology report.",
        "Note all findings of this chest study.",
        "Give a full description of this CT scan of the chest.",
        "Go through the scan from the airways to the bones and describe it.",
        "State the radiological findings for this study.",
        "Document what is visible in this thoracic CT.",
        "Set out the normal and abnormal findings of this examination.",
        "Write a findings text for the chest CT at hand.",
    ];

    /// <summary>The wording that a written model asks with, where its directory has none: one of <see cref="Report"/>, always the same.</summary>
    public static string EvaluationPrompt => Report[6];

    /// <summary>Questions for the place of a finding.</summary>
    public static IReadOnlyList<string> Location { get; } =
    [
        "Where is the {abnormality}?",
        "Where in the chest is the {abnormality}?",
        "Where does this scan show {abnormality}?",
        "Where can {abnormality} be seen?",
        "Where is {abnormality} found in this CT?",
        "Where do you see the {abnormality}?",
        "Where exactly does the {abnormality} lie?",
        "Where would you place the {abnormality}?",
        "Where has {abnormality} developed?",
        "Where should one look for the {abnormality}?",
        "Where in this volume does {abnormality} appear?",
        "Where, anatomically, is the {abnormality}?",
        "Where are signs of {abnormality} present?",
        "Where is the {abnormality} situated?",
        "Where is the {abnormality} to be found on these images?",
        "Where on this scan can the {abnormality} be made out?",
        "Where does the {abnormality} sit?",
        "Where is {abnormality} visible?",
        "What part of the chest shows {abnormality}?",
        "What region holds the {abnormality}?",
        "What structure does the {abnormality} belong to?",
        "What is the position of the {abnormality}?",
        "What place does the {abnormality} take up?",
        "What anatomical site has {abnormality}?",
        "What organ is involved in the {abnormality}?",
        "What area of this scan contains {abnormality}?",
        "What is the site of the {abnormality}?",
        "What segment of the anatomy is affected by {abnormality}?",
        "What location would you report for the {abnormality}?",
        "What zone of the thorax is concerned by {abnormality}?",
        "What tissue or organ shows the {abnormality}?",
        "What does the {abnormality} affect?",
        "Which part of the thorax has {abnormality}?",
        "Which region is affected by the {abnormality}?",
        "Which organ shows {abnormality}?",
        "Which structure contains the {abnormality}?",
        "Which anatomical area is the {abnormality} in?",
        "Which portion of the chest does {abnormality} involve?",
        "Which site would you name for the {abnormality}?",
        "Which side and region is the {abnormality} in?",
        "Which compartment of the chest does the {abnormality} lie in?",
        "Which of the thoracic structures presents {abnormality}?",
        "In what part of the body is the {abnormality}?",
        "In which organ is {abnormality} seen?",
        "In which region does the {abnormality} appear?",
        "In what anatomical structure can the {abnormality} be found?",
        "At which site is {abnormality} present?",
        "To which structure is the {abnormality} confined?",
        "Can you name the place of the {abnormality}?",
        "Could you say what anatomy the {abnormality} is in?",
    ];

    /// <summary>The templates of a task: a site's own, or those above. Repeated lines of a file stay: they weigh in the draw.</summary>
    /// <param name="kind">The task.</param>
    /// <param name="path">A file with one template a line, or null.</param>
    /// <exception cref="HSENetModelException"><c>prompt.templates</c>: names the file.</exception>
    public static IReadOnlyList<string> For(FineTuneTaskKind kind, string? path) => (kind, path) switch
    {
        (FineTuneTaskKind.Report, null) => Report,
        (_, null) => Location,
        (FineTuneTaskKind.Report, { } file) => ReadPrompts(file),
        (_, { } file) => QuestionTemplates.Read(file),
    };

    private static List<string> ReadPrompts(string path)
    {
        try
        {
            var prompts = File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0).Take(MostPrompts + 1).ToList();
            return prompts.Count is > 0 and <= MostPrompts && prompts.TrueForAll(prompt => prompt.Length <= LongestPrompt)
                ? prompts
                : throw new HSENetModelException("prompt.templates", $"{path}: needs 1 to {MostPrompts} lines of at most {LongestPrompt} characters.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HSENetModelException("prompt.templates", $"{path}: {e.Message}", e);
        }
    }
}
