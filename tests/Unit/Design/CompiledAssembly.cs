using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.IO;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>What the types of a compiled assembly use, read from its metadata and code (ECMA-335 partition II).</summary>
internal sealed class CompiledAssembly
{
    private readonly MetadataReader _metadata;
    private readonly TypeNames _names;
    private readonly HashSet<TypeUse> _uses = [];
    private readonly List<string> _types = [];

    private CompiledAssembly(PEReader file)
    {
        _metadata = file.GetMetadataReader();
        _names = new TypeNames(_metadata);
        foreach (TypeDefinitionHandle handle in _metadata.TypeDefinitions)
        {
            TypeDefinition type = _metadata.GetTypeDefinition(handle);
            string name = _names.Outermost(handle);
            if (IsWrittenByUs(name))
            {
                _types.Add(name);
                ReadDeclaration(name, type);
                ReadMembers(name, type, file);
            }
        }
    }

    /// <summary>The full names of its types, nested ones under the name of the type around them.</summary>
    public IReadOnlyList<string> Types => _types;

    /// <summary>Every use of one type by another.</summary>
    public IReadOnlyCollection<TypeUse> Uses => _uses;

    /// <summary>Reads the assembly that lies beside the tests.</summary>
    public static CompiledAssembly Read(string fileName)
    {
        using PEReader file = new(File.OpenRead(Path.Combine(AppContext.BaseDirectory, fileName)));
        return new CompiledAssembly(file);
    }

    // The compiler puts its own types, such as <Module> and <PrivateImplementationDetails>, outside of every namespace.
    private static bool IsWrittenByUs(string name) =>
        name.StartsWith("IntercomAgent.", StringComparison.Ordinal) || name == "Program";

    private void ReadDeclaration(string user, TypeDefinition type)
    {
        Use(user, type.BaseType);
        foreach (InterfaceImplementationHandle implementation in type.GetInterfaceImplementations())
        {
            Use(user, _metadata.GetInterfaceImplementation(implementation).Interface);
        }

        ReadConstraints(user, type.GetGenericParameters());
    }

    private void ReadMembers(string user, TypeDefinition type, PEReader file)
    {
        foreach (FieldDefinitionHandle field in type.GetFields())
        {
            Use(user, _metadata.GetFieldDefinition(field).DecodeSignature(_names, null));
        }

        foreach (MethodDefinitionHandle handle in type.GetMethods())
        {
            MethodDefinition method = _metadata.GetMethodDefinition(handle);
            ReadConstraints(user, method.GetGenericParameters());
            Use(user, method.DecodeSignature(_names, null));
            if (method.RelativeVirtualAddress != 0)
            {
                ReadBody(user, file.GetMethodBody(method.RelativeVirtualAddress));
            }
        }
    }

    private void ReadConstraints(string user, GenericParameterHandleCollection parameters)
    {
        foreach (GenericParameterHandle parameter in parameters)
        {
            foreach (GenericParameterConstraintHandle constraint in _metadata.GetGenericParameter(parameter).GetConstraints())
            {
                Use(user, _metadata.GetGenericParameterConstraint(constraint).Type);
            }
        }
    }

    private void ReadBody(string user, MethodBodyBlock body)
    {
        if (!body.LocalSignature.IsNil)
        {
            StandaloneSignature locals = _metadata.GetStandaloneSignature(body.LocalSignature);
            foreach (ImmutableArray<string> local in locals.DecodeLocalSignature(_names, null))
            {
                Use(user, local);
            }
        }

        foreach (ExceptionRegion region in body.ExceptionRegions)
        {
            Use(user, region.CatchType);
        }

        foreach (int token in Instructions.TokensOf(body.GetILReader()))
        {
            Use(user, MetadataTokens.EntityHandle(token));
        }
    }

    private void Use(string user, MethodSignature<ImmutableArray<string>> signature)
    {
        Use(user, signature.ReturnType);
        foreach (ImmutableArray<string> parameter in signature.ParameterTypes)
        {
            Use(user, parameter);
        }
    }

    private void Use(string user, ImmutableArray<string> types)
    {
        foreach (string used in types)
        {
            if (used != user)
            {
                _ = _uses.Add(new TypeUse(user, used));
            }
        }
    }

    // Whatever a token can stand for: a type, or a member of one.
    private void Use(string user, EntityHandle handle)
    {
        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition or HandleKind.TypeReference or HandleKind.TypeSpecification when !handle.IsNil:
                Use(user, _names.Of(handle));
                break;
            case HandleKind.FieldDefinition:
                Use(user, _metadata.GetFieldDefinition((FieldDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MethodDefinition:
                Use(user, _metadata.GetMethodDefinition((MethodDefinitionHandle)handle).GetDeclaringType());
                break;
            case HandleKind.MemberReference:
                ReadMember(user, _metadata.GetMemberReference((MemberReferenceHandle)handle));
                break;
            case HandleKind.MethodSpecification:
                MethodSpecification method = _metadata.GetMethodSpecification((MethodSpecificationHandle)handle);
                Use(user, method.Method);
                foreach (ImmutableArray<string> argument in method.DecodeSignature(_names, null))
                {
                    Use(user, argument);
                }

                break;
        }
    }

    // A member of another assembly's type: what it takes and gives is used too, even if no variable holds it.
    private void ReadMember(string user, MemberReference member)
    {
        Use(user, member.Parent);
        if (member.GetKind() == MemberReferenceKind.Method)
        {
            Use(user, member.DecodeMethodSignature(_names, null));
        }
        else
        {
            Use(user, member.DecodeFieldSignature(_names, null));
        }
    }
}
