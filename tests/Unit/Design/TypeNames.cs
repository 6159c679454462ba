using System;
using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>Says by name which types a handle or a signature speaks of. Nested types count as the outermost one around them.</summary>
internal sealed class TypeNames(MetadataReader metadata) : ISignatureTypeProvider<ImmutableArray<string>, object?>
{
    /// <summary>The types that a definition, a reference or a specification speaks of.</summary>
    public ImmutableArray<string> Of(EntityHandle handle) => handle.Kind switch
    {
        HandleKind.TypeDefinition => [Outermost((TypeDefinitionHandle)handle)],
        HandleKind.TypeReference => [Outermost((TypeReferenceHandle)handle)],
        HandleKind.TypeSpecification => metadata.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(this, null),
        _ => throw new ArgumentException($"{handle.Kind} is no type", nameof(handle)),
    };

    /// <summary>The full name of a type of this assembly.</summary>
    public string Outermost(TypeDefinitionHandle handle)
    {
        TypeDefinition type = metadata.GetTypeDefinition(handle);
        TypeDefinitionHandle around = type.GetDeclaringType();
        return around.IsNil ? FullName(type.Namespace, type.Name) : Outermost(around);
    }

    private string Outermost(TypeReferenceHandle handle)
    {
        TypeReference type = metadata.GetTypeReference(handle);
        return type.ResolutionScope.Kind == HandleKind.TypeReference
            ? Outermost((TypeReferenceHandle)type.ResolutionScope)
            : FullName(type.Namespace, type.Name);
    }

    private string FullName(StringHandle room, StringHandle name) =>
        room.IsNil ? metadata.GetString(name) : $"{metadata.GetString(room)}.{metadata.GetString(name)}";

    public ImmutableArray<string> GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) =>
        [Outermost(handle)];

    public ImmutableArray<string> GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) =>
        [Outermost(handle)];

    public ImmutableArray<string> GetTypeFromSpecification(
        MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) => Of(handle);

    public ImmutableArray<string> GetGenericInstantiation(
        ImmutableArray<string> genericType, ImmutableArray<ImmutableArray<string>> typeArguments)
    {
        ImmutableArray<string> all = genericType;
        foreach (ImmutableArray<string> argument in typeArguments)
        {
            all = all.AddRange(argument);
        }

        return all;
    }

    public ImmutableArray<string> GetFunctionPointerType(MethodSignature<ImmutableArray<string>> signature)
    {
        ImmutableArray<string> all = signature.ReturnType;
        foreach (ImmutableArray<string> parameter in signature.ParameterTypes)
        {
            all = all.AddRange(parameter);
        }

        return all;
    }

    public ImmutableArray<string> GetModifiedType(ImmutableArray<string> modifier, ImmutableArray<string> unmodifiedType, bool isRequired) =>
        unmodifiedType;

    public ImmutableArray<string> GetArrayType(ImmutableArray<string> elementType, ArrayShape shape) => elementType;

    public ImmutableArray<string> GetSZArrayType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetByReferenceType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetPointerType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetPinnedType(ImmutableArray<string> elementType) => elementType;

    public ImmutableArray<string> GetPrimitiveType(PrimitiveTypeCode typeCode) => [];

    public ImmutableArray<string> GetGenericMethodParameter(object? genericContext, int index) => [];

    public ImmutableArray<string> GetGenericTypeParameter(object? genericContext, int index) => [];
}
