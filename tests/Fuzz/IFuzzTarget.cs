using System.Collections.Generic;

namespace IntercomAgent.Tests.Fuzz;

/// <summary>
/// Something that reads the network. To fuzz another thing, write one of these and name it in <see cref="FuzzTargets"/>.
/// </summary>
internal interface IFuzzTarget
{
    /// <summary>What it is called on the command line; its inputs are kept in the folder of that name in <c>Corpus</c>.</summary>
    string Name { get; }

    /// <summary>Whether it reads lines of text, which are changed line by line as well.</summary>
    bool IsText { get; }

    /// <summary>Bytes that one input may allocate: several times what the costliest honest one does.</summary>
    long AllocationLimit { get; }

    /// <summary>Inputs to begin with: real conversations.</summary>
    IEnumerable<FuzzInput> Seeds();

    /// <summary>
    /// Lets everything that the input reaches read it, in a world that is made anew. Throws when something does that must not, or when a
    /// promise is broken. The same input always does the same.
    /// </summary>
    /// <returns>
    /// What it led to, in short: states, reasons, counts. An input that leads to something new is worth being changed further.
    /// </returns>
    ulong Run(FuzzInput input);
}
