import { nearest, SluiceError } from "../errors.ts";
import { tagsOf } from "./nbformat.ts";
import type { CodeCell, Notebook } from "./nbformat.ts";
import { readParameters } from "./parameter-declarations.ts";
import type { ParameterDeclaration } from "./parameter-declarations.ts";

/** Values for a notebook's parameters, by name. Texts are converted to the type that the notebook declares. */
export type ParameterValues = Readonly<Record<string, unknown>>;

/**
 * Puts parameter values into a notebook: a new code cell tagged `injected-parameters`, right after the cell tagged
 * `parameters` that declares them with their types and defaults.
 *
 * A cell that an earlier run injected is replaced. Without values the notebook stays as it is.
 *
 * @param notebook - Changed in place.
 * @param values - One value for each parameter to set. A text is converted by the declared type (`"5"` becomes 5 for a
 *   `number`; `"undefined"` and `"null"` mean those values where the type has them); parameters of other types take JSON.
 * @param name - What to call the notebook in errors.
 * @throws SluiceError `INPUT_INVALID` when a name is unknown or a value does not have the declared type.
 *
 * @example
 * ```ts
 * import { injectParameters, readNotebook } from "sluice/notebook";
 * const notebook = await readNotebook("daily.ipynb");
 * injectParameters(notebook, { accounts: "5000", loadDate: "2026-08-02" }, "daily.ipynb");
 * ```
 */
export function injectParameters(notebook: Notebook, values: ParameterValues, name: string): void {
  const names = Object.keys(values);
  if (names.length === 0) return;
  const at = notebook.cells.findIndex((cell) => cell.cell_type === "code" && tagsOf(cell).includes("parameters"));
  const cell = notebook.cells[at];
  if (!cell) {
    throw new SluiceError("INPUT_INVALID", `${name} takes no parameters: no code cell is tagged "parameters".`, {
      next: "Declare them with let in a code cell, and give the cell that tag.",
    });
  }
  const declared = readParameters(cell.source);
  const lines = names.map((wanted) => {
    const parameter = declared.find((one) => one.name === wanted) ?? unknownParameter(wanted, declared, name);
    const type = parameter.typeText === undefined ? "" : `: ${parameter.typeText}`;
    return `${parameter.keyword} ${wanted}${type} = ${literalOf(convert(parameter, values[wanted]))};`;
  });
  const injected: CodeCell = {
    cell_type: "code",
    ...(notebook.nbformat_minor >= 5 ? { id: "injected-parameters" } : {}),
    source: ["// Parameters", ...lines].join("\n"),
    metadata: { tags: ["injected-parameters"] },
    execution_count: null,
    outputs: [],
  };
  const earlier = notebook.cells.findIndex((one) => tagsOf(one).includes("injected-parameters"));
  if (earlier >= 0) notebook.cells.splice(earlier, 1);
  notebook.cells.splice(notebook.cells.indexOf(cell) + 1, 0, injected);
}

function unknownParameter(wanted: string, declared: ParameterDeclaration[], notebook: string): never {
  const names = declared.map((one) => one.name);
  const near = nearest(wanted, names);
  const hint = near === undefined ? "" : ` Did you mean "${near}"?`;
  const list = names.length === 0 ? "It declares none." : `Its parameters are ${names.join(", ")}.`;
  throw new SluiceError("INPUT_INVALID", `${notebook} has no parameter "${wanted}".${hint} ${list}`);
}

function convert(parameter: ParameterDeclaration, value: unknown): unknown {
  const converted = typeof value === "string" ? convertText(parameter, value) : convertValue(parameter, value);
  if (converted) return converted.value;
  throw new SluiceError(
    "INPUT_INVALID",
    `The parameter "${parameter.name}" takes ${describe(parameter)}, not ${JSON.stringify(value) ?? String(value)}.`,
  );
}

/** A converted value in a box, since `undefined` is a value too. */
type Converted = { value: unknown } | undefined;

function convertText({ kinds, literals }: ParameterDeclaration, text: string): Converted {
  const literal = literals.find((one) => String(one) === text);
  if (literal !== undefined) return { value: literal };
  if (kinds.has("undefined") && text === "undefined") return { value: undefined };
  if (kinds.has("null") && text === "null") return { value: null };
  if (kinds.has("boolean") && (text === "true" || text === "false")) return { value: text === "true" };
  if (kinds.has("number") && isExactNumber(text)) return { value: Number(text) };
  if (kinds.has("bigint") && /^[+-]?\d+n?$/.test(text)) return { value: BigInt(text.replace(/^\+|n$/g, "")) };
  if (kinds.has("string")) return { value: text };
  return kinds.has("json") ? parseJson(text) : undefined;
}

function convertValue({ kinds, literals }: ParameterDeclaration, value: unknown): Converted {
  const fits =
    kinds.has("json") ||
    (value === null ? kinds.has("null") : (kinds as ReadonlySet<string>).has(typeof value)) ||
    (literals as readonly unknown[]).includes(value);
  if (fits) return { value };
  return kinds.has("bigint") && Number.isSafeInteger(value) ? { value: BigInt(value as number) } : undefined;
}

/** Whether a text is a decimal number that a JavaScript number holds; whole numbers must be held exactly. */
function isExactNumber(text: string): boolean {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) || !Number.isFinite(Number(text))) return false;
  return !/^[+-]?\d+$/.test(text) || Number.isSafeInteger(Number(text));
}

function parseJson(text: string): Converted {
  try {
    return { value: JSON.parse(text) as unknown };
  } catch {
    return undefined;
  }
}

function describe({ typeText, kinds, literals }: ParameterDeclaration): string {
  if (literals.length > 0) return `one of ${literals.map((one) => JSON.stringify(one)).join(", ")}`;
  if (kinds.has("json")) return `JSON${typeText === undefined ? "" : ` of the type ${typeText}`}`;
  return `a value of the type ${typeText ?? [...kinds].join(" | ")}`;
}

function literalOf(value: unknown): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined || typeof value === "number") return String(value);
  return JSON.stringify(value);
}
