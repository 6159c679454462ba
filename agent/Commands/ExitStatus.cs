namespace IntercomAgent.Commands;

/// <summary>What the program's exit status says; <c>--help</c> shows it.</summary>
internal static class ExitStatus
{
    /// <summary>It did what it was asked to.</summary>
    public const int Ok = 0;

    /// <summary>It could not.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the configuration file is wrong, and nothing was started.</summary>
    public const int Usage = 2;
}
