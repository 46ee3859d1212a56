import { randomUUID } from "node:crypto";
import type { MimeBundle } from "../protocol/content.ts";
import { bundleOf, encodeBundle, encodeData, textOfValue } from "./mime.ts";

/** Where displays go. */
export interface DisplaySink {
  show(event: { data: MimeBundle; metadata: Record<string, unknown>; id?: string; update: boolean }): void;
  clear(wait: boolean): void;
  /** Shows a bundle in the pager when the cell ends. */
  page(data: MimeBundle): void;
  /** Keeps the cell open until a value that shows itself asynchronously is shown. */
  track(pending: Promise<void>): void;
}

/** What can be said about an output. */
export interface DisplayOptions {
  /** Names the output, so that any cell can update it; a new name is made up when absent. */
  id?: string;
  /** Metadata by MIME type, such as `{ "image/png": { width: 300 } }`. */
  metadata?: Record<string, unknown>;
}

/** An output that can be changed after it was shown. */
export interface DisplayHandle {
  readonly id: string;
  /** Replaces what is shown, in every place where it is shown. */
  update(value: unknown): void;
  /** Replaces what is shown by a MIME bundle. */
  updateBundle(bundle: MimeBundle, metadata?: Record<string, unknown>): void;
}

/**
 * Shows values under the running cell.
 *
 * A value shows itself when it has a `Symbol.for("Jupyter.display")` method that returns a MIME bundle or a promise of one;
 * everything else shows as text. Each function returns a handle whose `update` changes the output later.
 *
 * @example
 * ```ts notebook
 * const progress = display.html("<progress max=10 value=1>");
 * progress.updateBundle({ "text/html": "<progress max=10 value=2>" });
 * display.markdown("**done**");
 * ```
 */
export interface Display {
  (value: unknown, options?: DisplayOptions): DisplayHandle;
  html(html: string, options?: DisplayOptions): DisplayHandle;
  markdown(text: string, options?: DisplayOptions): DisplayHandle;
  latex(text: string, options?: DisplayOptions): DisplayHandle;
  svg(svg: string, options?: DisplayOptions): DisplayHandle;
  /** Shows a PNG given as bytes or base64. */
  png(image: Uint8Array | string, options?: DisplayOptions): DisplayHandle;
  /** Shows a JPEG given as bytes or base64. */
  jpeg(image: Uint8Array | string, options?: DisplayOptions): DisplayHandle;
  /** Shows a JSON value as a tree. */
  json(value: unknown, options?: DisplayOptions): DisplayHandle;
  text(text: string, options?: DisplayOptions): DisplayHandle;
  javascript(source: string, options?: DisplayOptions): DisplayHandle;
  /** Draws a Vega-Lite chart, version 5. */
  vegaLite(spec: Record<string, unknown>, options?: DisplayOptions): DisplayHandle;
  /** Shows one thing in several formats: MIME type → data. Bytes are sent as base64. */
  bundle(bundle: MimeBundle, options?: DisplayOptions): DisplayHandle;
  /** Shows a value in the frontend's pager when the cell ends. */
  page(value: unknown): void;
  /** Removes the cell's outputs; with `wait` only when the next one comes, which avoids flicker. */
  clear(options?: { wait?: boolean }): void;
}

const handles = new WeakSet<object>();

/** Whether a value is what a display function gave back. */
export function isDisplayHandle(value: unknown): boolean {
  return typeof value === "object" && value !== null && handles.has(value);
}

/** Makes the display functions of a sink. */
export function createDisplay(sink: DisplaySink): Display {
  const show = (data: MimeBundle, options: DisplayOptions = {}, update = false): DisplayHandle => {
    const id = options.id ?? randomUUID();
    sink.show({ data, metadata: options.metadata ?? {}, id, update });
    return handle(id);
  };
  const showValue = (value: unknown, options: DisplayOptions, update: boolean): DisplayHandle => {
    const id = options.id ?? randomUUID();
    const bundle = bundleOf(value);
    if (bundle instanceof Promise) sink.track(bundle.then((data) => void show(data, { ...options, id }, update)));
    else show(bundle, { ...options, id }, update);
    return handle(id);
  };
  const handle = (id: string): DisplayHandle => {
    const made: DisplayHandle = {
      id,
      update: (value) => void showValue(value, { id }, true),
      updateBundle: (bundle, metadata = {}) => void show(encodeBundle(bundle, bundle), { id, metadata }, true),
    };
    handles.add(made);
    return made;
  };
  const as =
    (type: string) =>
    (data: unknown, options?: DisplayOptions): DisplayHandle =>
      show({ [type]: encodeData(data) }, options);

  return Object.assign((value: unknown, options: DisplayOptions = {}) => showValue(value, options, false), {
    html: as("text/html"),
    markdown: as("text/markdown"),
    latex: as("text/latex"),
    svg: as("image/svg+xml"),
    png: as("image/png"),
    jpeg: as("image/jpeg"),
    text: as("text/plain"),
    javascript: as("application/javascript"),
    json: (value: unknown, options?: DisplayOptions) =>
      show({ "application/json": value, "text/plain": textOfValue(value) }, options),
    vegaLite: (spec: Record<string, unknown>, options?: DisplayOptions) =>
      show({ "application/vnd.vegalite.v5+json": spec, "text/plain": "Vega-Lite chart" }, options),
    bundle: (bundle: MimeBundle, options?: DisplayOptions) => show(encodeBundle(bundle, bundle), options),
    page: (value: unknown) => {
      const bundle = typeof value === "string" ? { "text/plain": value } : bundleOf(value);
      if (bundle instanceof Promise) sink.track(bundle.then((data) => sink.page(data)));
      else sink.page(bundle);
    },
    clear: (options: { wait?: boolean } = {}) => sink.clear(options.wait ?? false),
  });
}
