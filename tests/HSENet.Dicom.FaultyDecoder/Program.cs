using HSENet.Dicom.Decoder;
using HSENet.Dicom.FaultyDecoder;

unsafe
{
    return DecoderProgram.Run(args, Faults.Decode);
}
