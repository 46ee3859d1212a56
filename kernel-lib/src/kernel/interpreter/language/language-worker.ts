import process from "node:process";
import { parentPort, workerData } from "node:worker_threads";
import type { MessagePort } from "node:worker_threads";
import { messageOf } from "../../../errors.ts";
import { CellFiles } from "./cell-files.ts";
import { checkCell } from "./check.ts";
import { completeAt } from "./complete.ts";
import { inspectAt } from "./inspect.ts";
import type { FromLanguage, LanguageWorkerData, ToLanguage } from "./messages.ts";
import { NotebookProject } from "./project.ts";

// The language's thread: it waits for TypeScript, so that no other thread has to.

/** After so long without a question, the types of the globals are read. */
const IDLE_MS = 250;

// The compiler is a Go program: by default it collects garbage so often that it takes the processor from the cell that runs.
// Near the limit it collects as often as it must. The thread's environment is a copy: cells don't see this.
process.env["GOGC"] ??= "400";
process.env["GOMEMLIMIT"] ??= "512MiB";

const port = parentPort as MessagePort;
const { cwd } = workerData as LanguageWorkerData;
const say = (message: FromLanguage): void => port.postMessage(message);
const project: NotebookProject = new NotebookProject({
  cwd,
  roots: () => cells.roots,
  onProcess: (pid) => say({ type: "process", pid }),
});
const cells = new CellFiles(cwd, (file, text) => project.write(file, text));

// The first question costs a start of the compiler: that is done before it comes.
let idle = setTimeout(warm);

port.on("message", (message: ToLanguage) => {
  clearTimeout(idle);
  switch (message.type) {
    case "check":
      answer(message.id, () => checkCell(project, cells, ...message.asks));
      break;
    case "complete":
      answer(message.id, () => completeAt(project, cells, ...message.asks));
      break;
    case "inspect":
      answer(message.id, () => inspectAt(project, cells, ...message.asks));
      break;
    case "accept":
      cells.accept(message.cell, message.types, message.failed);
      break;
    case "declare":
      cells.declare(message.types);
      break;
    case "dispose":
      project.close();
      process.exit(0);
  }
  idle = setTimeout(readAhead, IDLE_MS).unref();
});

function answer(id: number, question: () => unknown): void {
  try {
    say({ type: "answer", id, answer: question() });
  } catch (error) {
    say({ type: "answer", id, failure: messageOf(error) });
  }
  setImmediate(() => project.tidy());
}

function warm(): void {
  try {
    project.ask(({ program }) => program.getSemanticDiagnostics(cells.current));
  } catch {
    // The next question tries again.
  }
}

// So that the first cell that names a declared value needs not wait for its types to be read.
function readAhead(): void {
  try {
    project.readAhead(cells.declarations);
  } catch {
    // The cell that needs them reads them.
  }
  warm();
}
