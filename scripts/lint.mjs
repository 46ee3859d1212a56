// Everything that is checked without running the code: types, lint rules, room rules, format.
import { run, setup } from "./setup.mjs";

await setup();
run(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.lint.json"]);
run("npx", ["eslint", "--max-warnings", "0", "."]);
run("npx", ["depcruise", "--config", ".dependency-cruiser.cjs", "kernel-lib/src"]);
run("npx", ["prettier", "--check", "--log-level", "warn", "."]);
