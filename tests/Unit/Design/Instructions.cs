using System.Collections.Generic;
using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;

namespace IntercomAgent.Tests.Unit.Design;

/// <summary>Walks through a method's code (ECMA-335 partition III).</summary>
internal static class Instructions
{
    /// <summary>The first byte of an instruction of two bytes.</summary>
    private const byte LongForm = 0xFE;

    private static readonly Dictionary<ushort, OperandType> Operands = ReadOperands();

    /// <summary>The metadata tokens that the instructions name: types, fields and methods.</summary>
    public static List<int> TokensOf(BlobReader code)
    {
        List<int> tokens = [];
        while (code.RemainingBytes > 0)
        {
            byte first = code.ReadByte();
            ushort instruction = first == LongForm ? (ushort)((LongForm << 8) | code.ReadByte()) : first;
            OperandType operand = Operands[instruction];
            if (operand is OperandType.InlineField or OperandType.InlineMethod or OperandType.InlineTok or OperandType.InlineType)
            {
                tokens.Add(code.ReadInt32());
            }
            else
            {
                Skip(ref code, operand);
            }
        }

        return tokens;
    }

    private static void Skip(ref BlobReader code, OperandType operand)
    {
        int size = operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => code.ReadInt32() * sizeof(int),
            _ => 4,
        };
        code.Offset += size;
    }

    private static Dictionary<ushort, OperandType> ReadOperands()
    {
        Dictionary<ushort, OperandType> operands = [];
        foreach (FieldInfo field in typeof(OpCodes).GetFields(BindingFlags.Public | BindingFlags.Static))
        {
            if (field.GetValue(null) is OpCode code)
            {
                operands[(ushort)code.Value] = code.OperandType;
            }
        }

        return operands;
    }
}
