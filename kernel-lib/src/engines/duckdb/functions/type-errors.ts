// The conditions Spark's analyzer throws for arguments of the wrong number or type.
import type { DataType } from "../../../sql/types/data-type.ts";
import { sqlName } from "../../../sql/types/index.ts";
import { SparkError, unsupported } from "../../../sql/errors.ts";

export { unsupported };

const quoted = (type: DataType): string => `"${sqlName(type)}"`;

/** `kind` is what follows `DATATYPE_MISMATCH.`; `functionName` stands for the whole expression. */
export function typeMismatch(kind: string, functionName: string, reason: string): SparkError {
  return new SparkError(
    `DATATYPE_MISMATCH.${kind}`,
    `Cannot resolve "${functionName}" due to data type mismatch: ${reason}`,
    { sqlState: "42K09", messageParameters: { sqlExpr: `"${functionName}"` } },
  );
}

export function unexpectedInput(functionName: string, position: number, required: string, type: DataType): SparkError {
  const words = ["first", "second", "third", "fourth", "fifth", "sixth", "seventh"];
  return typeMismatch(
    "UNEXPECTED_INPUT_TYPE",
    functionName,
    `The ${words[position] ?? `${position + 1}th`} parameter requires the ${required} type, however the argument has the type ${quoted(type)}.`,
  );
}

export function differentTypes(functionName: string, left: DataType, right: DataType): SparkError {
  return typeMismatch(
    "BINARY_OP_DIFF_TYPES",
    functionName,
    `the left and right operands of the binary operator have incompatible types (${quoted(left)} and ${quoted(right)}).`,
  );
}

export function wrongOperand(functionName: string, required: string, actual: DataType): SparkError {
  return typeMismatch(
    "BINARY_OP_WRONG_TYPE",
    functionName,
    `the binary operator requires the input type ${required}, not ${quoted(actual)}.`,
  );
}

export function dataDifferentTypes(functionName: string, types: readonly DataType[]): SparkError {
  return typeMismatch(
    "DATA_DIFF_TYPES",
    functionName,
    `Input to \`${functionName}\` should all be the same type, but it's (${types.map(quoted).join(" or ")}).`,
  );
}

export function wrongArgumentCount(functionName: string, expected: string, actual: number): SparkError {
  return new SparkError(
    "WRONG_NUM_ARGS.WITHOUT_SUGGESTION",
    `The \`${functionName}\` requires ${expected} parameters but the actual number is ${actual}.`,
    {
      sqlState: "42605",
      messageParameters: {
        functionName: `\`${functionName}\``,
        expectedNum: expected,
        actualNum: String(actual),
        docroot: "https://spark.apache.org/docs/latest",
      },
    },
  );
}

export function nonFoldable(functionName: string, argument: string, type: DataType): SparkError {
  return typeMismatch(
    "NON_FOLDABLE_INPUT",
    functionName,
    `the input \`${argument}\` should be a foldable ${quoted(type)} expression.`,
  );
}
