namespace HSENet.Dicom.Codecs.JpegLossless;

/// <summary>Prediction of a sample by its neighbours (T.81 table H.1). A type for each, so that the loop over a line is compiled for each.</summary>
internal interface IPredictor
{
    /// <param name="left">Ra.</param>
    /// <param name="above">Rb.</param>
    /// <param name="aboveLeft">Rc.</param>
    static abstract int Predict(int left, int above, int aboveLeft);
}

/// <summary>Selection value 1.</summary>
internal readonly struct LeftPredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => left;
}

/// <summary>Selection value 2.</summary>
internal readonly struct AbovePredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => above;
}

/// <summary>Selection value 3.</summary>
internal readonly struct AboveLeftPredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => aboveLeft;
}

/// <summary>Selection value 4.</summary>
internal readonly struct PlanePredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => left + above - aboveLeft;
}

/// <summary>Selection value 5.</summary>
internal readonly struct LeftHalfPredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => left + ((above - aboveLeft) >> 1);
}

/// <summary>Selection value 6.</summary>
internal readonly struct AboveHalfPredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => above + ((left - aboveLeft) >> 1);
}

/// <summary>Selection value 7.</summary>
internal readonly struct MeanPredictor : IPredictor
{
    public static int Predict(int left, int above, int aboveLeft) => (left + above) >> 1;
}
