namespace IntercomAgent.Crypto.Certificates;

/// <summary>A signature in the making, in steps none of which holds up the loop for longer than an audio period.</summary>
internal abstract class Signing
{
    private protected Signing()
    {
    }

    /// <summary>Does the next step, an expensive operation; the signature after the last one, else null.</summary>
    public abstract byte[]? Step();

    /// <summary>Does all steps at once.</summary>
    public byte[] Finish()
    {
        byte[]? signature;
        do
        {
            signature = Step();
        }
        while (signature is null);

        return signature;
    }
}
