namespace IntercomAgent.Tests.Unit.Design;

/// <summary>One type makes use of another: in its declaration, a signature or a method's code.</summary>
/// <param name="User">The full name of the type that uses; the outermost one when it is nested.</param>
/// <param name="Used">The full name of the type that is used, likewise.</param>
internal readonly record struct TypeUse(string User, string Used)
{
    public string UserNamespace => NamespaceOf(User);

    public string UsedNamespace => NamespaceOf(Used);

    public static string NamespaceOf(string type) => type.LastIndexOf('.') is >= 0 and int dot ? type[..dot] : "";
}
