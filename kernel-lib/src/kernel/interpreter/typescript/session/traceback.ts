import { inspect } from "node:util";
import type { ErrorContent } from "../../../protocol/content.ts";
import { codeFrame } from "../code-frame.ts";
import type { Position } from "../source-map.ts";
import { describeFrame, framesOfError } from "./positions.ts";

const MOST_FRAMES = 8;

/** What to show of anything that was thrown: its message and the user's own lines. */
export function describeThrown(thrown: unknown, fallback?: { position: Position; code: string }): ErrorContent {
  try {
    return describe(thrown, fallback);
  } catch {
    const evalue = "What was thrown can't be shown: looking at it throws, too.";
    return { ename: "Thrown", evalue, traceback: [`Thrown: ${evalue}`, ...frameLines(undefined, fallback)] };
  }
}

function describe(thrown: unknown, fallback?: { position: Position; code: string }): ErrorContent {
  if (!isErrorLike(thrown)) {
    const text = typeof thrown === "string" ? thrown : inspect(thrown, { depth: 2, customInspect: false });
    return { ename: "Thrown", evalue: text, traceback: [`Thrown: ${text}`, ...frameLines(thrown, fallback)] };
  }
  const ename = textField(thrown, "name") || "Error";
  const evalue = textField(thrown, "message");
  // An error with a code is meant for the user: its message says all. Node's own ERR_ codes are programming errors.
  const code = textField(thrown, "code");
  const exit = exitCodeOf(thrown);
  if (code !== "" && !code.startsWith("ERR_")) return { ename, evalue, traceback: [evalue], ...exit };
  const head = evalue === "" ? ename : `${ename}: ${evalue}`;
  return { ename, evalue, traceback: [head, ...frameLines(thrown, fallback), ...causes(thrown)], ...exit };
}

function exitCodeOf(error: object): { exitCode?: number } {
  const { exitCode } = error as { exitCode?: unknown };
  return typeof exitCode === "number" ? { exitCode } : {};
}

/** What to show of a syntax error that only the engine found. */
export function describeSyntaxError(error: unknown, place?: { position: Position; code: string }): ErrorContent {
  const evalue = isErrorLike(error) ? textField(error, "message") : String(error);
  const frame = place ? codeFrame(place.code, place.position.line, place.position.column) : [];
  return { ename: "SyntaxError", evalue, traceback: [`SyntaxError: ${evalue}`, ...frame] };
}

function frameLines(thrown: unknown, fallback?: { position: Position; code: string }): string[] {
  const frames = framesOfError(thrown).filter((frame) => frame.kind !== "other");
  const inner = frames[0];
  if (inner === undefined) {
    return fallback ? codeFrame(fallback.code, fallback.position.line, fallback.position.column) : [];
  }
  const shown = inner.code === undefined ? [] : codeFrame(inner.code, inner.line, inner.column);
  return [
    `    at ${describeFrame(inner)}`,
    ...shown,
    ...frames.slice(1, MOST_FRAMES).map((frame) => `    at ${describeFrame(frame)}`),
  ];
}

function causes(error: object): string[] {
  const lines: string[] = [];
  let cause: unknown = (error as { cause?: unknown }).cause;
  for (let depth = 0; isErrorLike(cause) && depth < 5; depth++) {
    lines.push(`Caused by ${textField(cause, "name") || "Error"}: ${textField(cause, "message")}`);
    cause = (cause as { cause?: unknown }).cause;
  }
  if (error instanceof AggregateError) {
    for (const inner of error.errors.slice(0, 10))
      lines.push(`- ${isErrorLike(inner) ? textField(inner, "message") : String(inner)}`);
  }
  return lines;
}

function isErrorLike(value: unknown): value is object {
  return typeof value === "object" && value !== null && (value instanceof Error || textField(value, "message") !== "");
}

function textField(value: object, field: string): string {
  try {
    const text = (value as Record<string, unknown>)[field];
    return typeof text === "string" ? text : "";
  } catch {
    return "";
  }
}
