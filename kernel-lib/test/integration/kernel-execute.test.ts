import { afterAll, beforeAll, expect, test } from "vitest";
import { TestKernel } from "../../src/kernel/testkit/test-kernel.ts";

let kernel: TestKernel;

beforeAll(async () => {
  kernel = await TestKernel.start();
});

afterAll(() => kernel.close());

async function resultOf(code: string): Promise<string | undefined> {
  const run = await kernel.execute(code);
  expect(run.error).toBeUndefined();
  return run.result;
}

test("the value of the last expression is the result", async () => {
  expect(await resultOf("const price: number = 6;\nprice * 7")).toBe("42");
  expect(await resultOf('"a" + "b"')).toBe("'ab'");
  expect(await resultOf("10n ** 20n")).toBe("100000000000000000000n");
  expect(await resultOf("-0")).toBe("-0");
  expect(await resultOf("const nothing = 1;")).toBeUndefined();
});

test("await, for await and dynamic import work at the top level", async () => {
  expect(await resultOf("await Promise.resolve(5)")).toBe("5");
  expect(await resultOf("let sum = 0;\nfor await (const n of [1, Promise.resolve(2)]) sum += n;\nsum")).toBe("3");
  expect(await resultOf('const os = await import("node:os"); typeof os.cpus')).toBe("'function'");
});

test.each([
  ["const", "let"],
  ["let", "const"],
  ["function", "const"],
  ["class", "function"],
  ["const", "class"],
  ["class", "let"],
  ["enum", "const"],
  ["const", "enum"],
])("a %s can be declared again as a %s", async (first, second) => {
  const declare: Record<string, (value: number) => string> = {
    const: (value) => `const again = () => ${value};`,
    let: (value) => `let again = () => ${value};`,
    function: (value) => `function again() { return ${value}; }`,
    class: (value) => `class again { static value = ${value}; }`,
    enum: (value) => `enum again { value = ${value} }`,
  };
  const read = (kind: string): string => (kind === "class" || kind === "enum" ? "again.value" : "again()");
  expect(await resultOf(`${declare[first]?.(1)}\n${read(first)}`)).toBe("1");
  expect(await resultOf(`${declare[second]?.(2)}\n${read(second)}`)).toBe("2");
});

test("closures of earlier cells see new values", async () => {
  await kernel.execute(
    "let weight = 1;\nfunction read() { return weight; }\nclass Reader { get() { return weight; } }",
  );
  expect(await resultOf("weight = 5; read()")).toBe("5");
  expect(await resultOf("const weight = 9; [read(), new Reader().get()]")).toBe("[ 9, 9 ]");
});

test("a declaration without a value starts anew", async () => {
  await kernel.execute("let counter: number | undefined = 4;");
  expect(await resultOf("let counter;\ncounter === undefined")).toBe("true");
});

test("an enum that is declared again has only its new members", async () => {
  await kernel.execute("enum Colour { Red, Green }");
  expect(await resultOf('enum Colour { Blue = "b" }\nColour')).toBe("{ Blue: 'b' }");
});

test("TypeScript that leaves code behind works: namespaces, parameter properties, satisfies", async () => {
  expect(await resultOf("namespace Unit { export const metre = 1; }\nUnit.metre")).toBe("1");
  expect(await resultOf("class Point { constructor(public x: number, readonly y = 2) {} }\nnew Point(1).y")).toBe("2");
  expect(await resultOf("const options = { a: 1 } satisfies Record<string, number>; options.a")).toBe("1");
});

test("using disposes at the end of its block and of its cell", async () => {
  const resource = (name: string): string => `{ [Symbol.dispose]() { console.log("${name} closed"); } }`;
  const run = await kernel.execute(
    `using outer = ${resource("outer")};\n{ using inner = ${resource("inner")}; console.log("in"); }\nconsole.log("out");`,
  );
  expect(run.stdout).toBe("in\ninner closed\nout\nouter closed\n");
});

test("a name of Node's own can be declared", async () => {
  expect(await resultOf("const navigator = 3;\nconst fetch = 4;\nnavigator + fetch")).toBe("7");
});

test("a name that the engine needs, too, is refused before anything runs", async () => {
  const run = await kernel.execute("console.log('ran');\nconst performance = { q1: 5 };");
  expect(run.error).toBe(
    "SyntaxError: performance is JavaScript's own, and the kernel itself needs it: choose another name.",
  );
  expect(run.stdout).toBe("");
});

test("cells are strict, as modules are", async () => {
  const run = await kernel.execute("undeclaredName = 5");
  expect(run.error).toBe("ReferenceError: undeclaredName is not defined");
});

test("an error shows the cell's own lines and no others", async () => {
  await kernel.execute(
    "interface Row { id: string }\n\nfunction parse(text: string): Row {\n  return JSON.parse(text) as Row;\n}",
  );
  const run = await kernel.execute('// read it\nparse("{");');
  expect(run.error).toMatch(/^SyntaxError: /);
  const traceback = run.traceback.join("\n");
  expect(traceback).toMatch(/at parse \(Cell\[\d+\]:4:15\)/);
  expect(traceback).toContain("return JSON.parse(text) as Row;");
  expect(traceback).toMatch(/at Cell\[\d+\]:2:1/);
  expect(traceback).not.toMatch(/node:|inspector|dist/);
});

test("an error that a library throws later shows the await of the cell", async () => {
  const run = await kernel.execute(
    'const fs = await import("node:fs/promises");\n\nawait fs.readFile(5 as never, { encoding: "x" });',
  );
  expect(run.status).toBe("error");
  expect(run.traceback.join("\n")).toMatch(/Cell\[\d+\]:3:/);
});

test("an error with a code shows as its one message line", async () => {
  const run = await kernel.execute(
    'throw Object.assign(new Error("The folder x does not exist."), { name: "SluiceError", code: "NOT_FOUND" });',
  );
  expect(run.error).toBe("SluiceError: The folder x does not exist.");
  expect(run.traceback).toEqual(["The folder x does not exist."]);
});

test("a cell that can't be read says where", async () => {
  const run = await kernel.execute("const a = 1;\nlet x: = 5;");
  expect(run.error).toBe("SyntaxError: Unexpected token");
  expect(run.traceback.join("\n")).toContain("2 | let x: = 5;");
  expect((await kernel.execute("@sealed class A {}")).error).toContain("Decorators are not supported");
});

test("what is not an error can be thrown", async () => {
  const run = await kernel.execute('throw "a text"');
  expect(run.error).toBe("Thrown: a text");
});

test("user expressions are computed after the cell", async () => {
  const run = await kernel.execute("const base = 20;", {
    userExpressions: { twice: "base * 2", wrong: "missing + 1", bad: "1 +" },
  });
  const expressions = run.reply["user_expressions"] as Record<string, Record<string, unknown>>;
  expect(expressions["twice"]).toMatchObject({ status: "ok", data: { "text/plain": "40" } });
  expect(expressions["wrong"]).toMatchObject({ status: "error", ename: "ReferenceError" });
  expect(expressions["bad"]).toMatchObject({ status: "error", ename: "SyntaxError" });
});

test("a silent cell shows no input, no result, and is not counted", async () => {
  const before = await kernel.execute("1");
  const silent = await kernel.execute("const quiet = 5;\nquiet", { silent: true });
  expect(silent.messages.map(({ header }) => header.msg_type)).toEqual(["status", "status"]);
  const after = await kernel.execute("quiet");
  expect(after.result).toBe("5");
  expect(after.reply["execution_count"]).toBe(Number(before.reply["execution_count"]) + 1);
});

test("without a history the counter stays", async () => {
  const before = await kernel.execute("1");
  const run = await kernel.execute("2", { storeHistory: false });
  expect(run.result).toBe("2");
  expect(run.reply["execution_count"]).toBe(before.reply["execution_count"]);
});

test("an error aborts the cells that wait, unless told otherwise", async () => {
  const ids = [
    kernel.startCell('await new Promise((r) => setTimeout(r, 50)); throw new Error("first")'),
    kernel.startCell("var notRun = 1"),
    kernel.startCell("2"),
  ];
  const runs = await Promise.all(ids.map((id) => kernel.finished(id)));
  expect(runs.map((run) => run.status)).toEqual(["error", "aborted", "aborted"]);
  expect(await resultOf("typeof notRun")).toBe("'undefined'");

  const goOn = [kernel.startCell('throw new Error("x")', { stopOnError: false }), kernel.startCell("3")];
  const [, second] = await Promise.all(goOn.map((id) => kernel.finished(id)));
  expect(second?.result).toBe("3");
});

test("magics are read at the top of a cell", async () => {
  expect(await resultOf("%typecheck off\n1 + 2")).toBe("3");
  expect((await kernel.execute("%unknown magic")).error).toContain("There is no magic %unknown");
});

test("input asks the user, with a password hidden", async () => {
  const asked: [string, boolean][] = [];
  kernel.onInput = (prompt, password) => {
    asked.push([prompt, password]);
    return password ? "secret" : "Ada";
  };
  expect(await resultOf('await input("Name? ")')).toBe("'Ada'");
  expect(await resultOf('(await input("Key? ", { password: true })).length')).toBe("6");
  expect(asked).toEqual([
    ["Name? ", false],
    ["Key? ", true],
  ]);
  kernel.onInput = undefined;
  const refused = await kernel.execute('await input("Name? ")', { allowStdin: false });
  expect(refused.error).toContain("can't ask for input");
});

test("what is asked before the main thread has loaded waits for it", async () => {
  // Loading takes longer than opening the sockets, as on a busy machine.
  const hooks = `export const load = async (url, context, next) => {
    if (url.endsWith("/session/session.js")) await new Promise((done) => setTimeout(done, 1500));
    return next(url, context);
  };`;
  const slow = `import { register } from "node:module"; register(${JSON.stringify(dataUrl(hooks))});`;
  const patient = await TestKernel.start({ typecheck: "error", env: { NODE_OPTIONS: `--import=${dataUrl(slow)}` } });
  try {
    expect((await patient.execute("1 + 1")).result).toBe("2");
  } finally {
    await patient.close();
  }
});

const dataUrl = (source: string): string => `data:text/javascript;base64,${Buffer.from(source).toString("base64")}`;
