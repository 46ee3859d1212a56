import { randomUUID } from "node:crypto";
import type { ServerConnection } from "@jupyterlab/services";
import { messageOf } from "../../errors.ts";
import type { ClientChannel, Header, Message } from "../../kernel/index.ts";
import { KernelProcess } from "./kernel-process.ts";
import type { KernelLaunch } from "./kernel-process.ts";

/** A message as `@jupyterlab/services` has it. */
interface ServiceMessage {
  channel: ClientChannel;
  header: Header;
  parent_header: Partial<Header>;
  metadata: Record<string, unknown>;
  content: Record<string, unknown>;
  buffers?: (ArrayBuffer | Uint8Array)[];
}

/** The part of a Jupyter server that a client needs for one kernel, in this process. */
export interface InProcessServer {
  /** What `@jupyterlab/services` needs to talk to it. */
  settings: ServerConnection.ISettings;
  kernel: KernelProcess;
}

const base = "http://sluice.invalid/";

/**
 * Starts a kernel and a Jupyter server for it that lives in this process: requests come by a `fetch` and messages by a
 * `WebSocket` of its own, which hand them to the kernel's ZeroMQ sockets. No port is opened for it.
 *
 * The kernel's process is started at once; a client's `POST api/kernels` waits until it answers.
 */
export function startInProcessServer(launch: KernelLaunch): InProcessServer {
  const kernel = new KernelProcess(launch);
  const started = kernel.start();
  started.catch(() => {}); // it is told to whoever asks for the kernel
  const model = { id: randomUUID(), name: "sluice" };

  const answer = async (request: Request): Promise<Response> => {
    const route = `${request.method} ${new URL(request.url).pathname.replace(model.id, ":id")}`;
    switch (route) {
      case "POST /api/kernels":
        await started;
        return Response.json(model, { status: 201 });
      case "GET /api/kernels/:id":
        return Response.json(model);
      case "POST /api/kernels/:id/interrupt":
        kernel.interrupt();
        return new Response(null, { status: 204 });
      case "DELETE /api/kernels/:id":
        await kernel.shutdown();
        return new Response(null, { status: 204 });
      default:
        return Response.json({ message: `This server has no ${route}.` }, { status: 404 });
    }
  };
  const settings: ServerConnection.ISettings = {
    baseUrl: base,
    wsUrl: base.replace("http", "ws"),
    appUrl: "",
    token: "",
    appendToken: false,
    init: {},
    fetch: (input) =>
      answer(input as Request).catch((thrown: unknown) =>
        Response.json({ message: messageOf(thrown) }, { status: 500 }),
      ),
    Request,
    Headers,
    WebSocket: channelSocket(kernel) as unknown as ServerConnection.ISettings["WebSocket"],
    // Both ends are in this process: the message itself crosses, and nothing is encoded.
    serializer: { serialize: (message) => message as unknown as string, deserialize: (data) => data as never },
  };
  return { settings, kernel };
}

/** A WebSocket class whose sockets are connected to one kernel. */
function channelSocket(kernel: KernelProcess) {
  return class ChannelSocket {
    readyState = 0;
    protocol = "";
    binaryType = "arraybuffer";
    onopen: (event: object) => void = () => {};
    onmessage: (event: { data: ServiceMessage }) => void = () => {};
    onclose: (event: { code: number }) => void = () => {};
    onerror: (event: object) => void = () => {};
    readonly #session: string | null;
    readonly #stopListening: () => void;

    constructor(url: string) {
      this.#session = new URL(url).searchParams.get("session_id");
      this.#stopListening = kernel.listen((channel, message) => this.#deliver(channel, message));
      setImmediate(() => {
        if (this.readyState !== 0) return;
        this.readyState = 1;
        this.onopen({});
      });
    }

    send(data: unknown): void {
      const { channel, header, parent_header, metadata, content, buffers } = data as ServiceMessage;
      if (channel === "iopub") return;
      kernel.send(channel, {
        identities: [],
        header,
        parentHeader: parent_header,
        metadata,
        content,
        buffers: (buffers ?? []).map((buffer) => (buffer instanceof Uint8Array ? buffer : new Uint8Array(buffer))),
      });
    }

    close(): void {
      this.readyState = 3;
      this.#stopListening();
    }

    #deliver(channel: ClientChannel, { header, parentHeader, metadata, content, buffers }: Message): void {
      const ours = channel === "iopub" || parentHeader.session === this.#session;
      if (this.readyState !== 1 || !ours) return;
      this.onmessage({ data: { channel, header, parent_header: parentHeader, metadata, content, buffers } });
    }
  };
}
