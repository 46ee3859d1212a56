import { fileURLToPath } from "node:url";

const displayModule = fileURLToPath(new URL("../../display/display.js", import.meta.url)).replaceAll("\\", "/");

/** Ambient TypeScript that declares the globals of every notebook. */
export const KERNEL_TYPES = `
interface CommMessage { data: any; metadata: Record<string, unknown>; buffers: Uint8Array[] }
interface CommOptions { metadata?: Record<string, unknown>; buffers?: Uint8Array[] }
interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: unknown, options?: CommOptions): void;
  close(data?: unknown): void;
  onMessage(handler: (message: CommMessage) => unknown): void;
  onClose(handler: (message: CommMessage) => unknown): void;
}
interface Comms {
  register(target: string, opened: (comm: Comm, message: CommMessage) => unknown): void;
  open(target: string, data?: unknown, options?: CommOptions): Comm;
}
/** Shows a value under the running cell. */
declare const display: import(${JSON.stringify(displayModule)}).Display;
/** Asks the user for a line of text; with \`password\` it is hidden. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
/** Side channels to the frontend. */
declare const comms: Comms;
/** Aborts when the running cell is interrupted. */
declare function interruptSignal(): AbortSignal;
declare const require: (specifier: string) => any;
declare module "tslab" {
  type Show = (content: string | Uint8Array) => void;
  interface TslabDisplay {
    javascript: Show; html: Show; markdown: Show; latex: Show; svg: Show; png: Show; jpeg: Show; gif: Show; pdf: Show; text: Show;
    raw(type: string, content: string | Uint8Array): void;
  }
  export const display: TslabDisplay;
  export function newDisplay(): TslabDisplay;
  export const versions: Record<string, string>;
}
`;
