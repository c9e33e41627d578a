return HSENet.Dicom.Decoder.DecoderProgram.Run(args, decode: null);
