import { randomUUID } from "node:crypto";
import process from "node:process";
import type { Display, DisplayHandle } from "../../../display/display.ts";
import { VERSION } from "../../../version.ts";

/** The display functions of the module `tslab`: one MIME type each, and `raw` for any. */
export type TslabDisplay = Record<keyof typeof TYPES, (content: string | Uint8Array) => void> & {
  raw(type: string, content: string | Uint8Array): void;
};

/** What `import * as tslab from "tslab"` gives. */
export interface TslabModule {
  display: TslabDisplay;
  /** Makes a display whose later calls replace what the first one showed. */
  newDisplay(): TslabDisplay;
  versions: Record<string, string>;
}

const TYPES = {
  javascript: "text/javascript",
  html: "text/html",
  markdown: "text/markdown",
  latex: "text/latex",
  svg: "image/svg+xml",
  png: "image/png",
  jpeg: "image/jpeg",
  gif: "image/gif",
  pdf: "application/pdf",
  text: "text/plain",
};

/** The module that notebooks written for the tslab kernel import, so that they run unchanged. */
export function createTslab(display: Display): TslabModule {
  const functions = (raw: TslabDisplay["raw"]): TslabDisplay => {
    const each = Object.entries(TYPES).map(([name, type]) => [
      name,
      (content: string | Uint8Array): void => raw(type, content),
    ]);
    return { ...(Object.fromEntries(each) as Omit<TslabDisplay, "raw">), raw };
  };
  const module: TslabModule = {
    display: functions((type, content) => void display.bundle({ [type]: content })),
    newDisplay() {
      const id = randomUUID();
      let shown: DisplayHandle | undefined;
      return functions((type, content) => {
        if (shown) shown.updateBundle({ [type]: content });
        else shown = display.bundle({ [type]: content }, { id });
      });
    },
    versions: { node: process.version.slice(1), sluice: VERSION },
  };
  return module;
}
