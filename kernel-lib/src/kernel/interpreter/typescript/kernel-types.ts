/** Ambient TypeScript that declares the globals of every notebook. */
export const KERNEL_TYPES = `
interface DisplayHandle { readonly id: string; update(value: unknown): void; updateBundle(bundle: Record<string, unknown>, metadata?: Record<string, unknown>): void }
interface DisplayOptions { id?: string; metadata?: Record<string, unknown> }
interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  html(html: string, options?: DisplayOptions): DisplayHandle;
  markdown(text: string, options?: DisplayOptions): DisplayHandle;
  latex(text: string, options?: DisplayOptions): DisplayHandle;
  svg(svg: string, options?: DisplayOptions): DisplayHandle;
  png(image: Uint8Array | string, options?: DisplayOptions): DisplayHandle;
  jpeg(image: Uint8Array | string, options?: DisplayOptions): DisplayHandle;
  json(value: unknown, options?: DisplayOptions): DisplayHandle;
  text(text: string, options?: DisplayOptions): DisplayHandle;
  javascript(source: string, options?: DisplayOptions): DisplayHandle;
  vegaLite(spec: Record<string, unknown>, options?: DisplayOptions): DisplayHandle;
  bundle(bundle: Record<string, unknown>, options?: DisplayOptions): DisplayHandle;
  page(value: unknown): void;
  clear(options?: { wait?: boolean }): void;
}
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
declare const display: Display;
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
