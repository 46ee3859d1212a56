// Who may import whom: the rooms of ARCHITECTURE.md.
const src = "^kernel-lib/src/";
/** What every room may use. */
const common = "(errors|temp-folder)\\.ts";
const room = (name, from, allowed) => ({
  name,
  severity: "error",
  from: { path: src + from, pathNot: "\\.test\\.ts$" },
  to: { path: src, pathNot: allowed.map((folder) => src + folder) },
});

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    room("errors-import-nothing", "errors\\.ts", ["errors\\.ts"]),
    room("sql", "sql/", [
      common,
      "sql/",
      "generated/",
      "engines/engine\\.ts",
      "engines/(duckdb|spark-connect)/index\\.ts",
    ]),
    {
      name: "only-session-loads-an-engine",
      severity: "error",
      from: { path: src + "sql/", pathNot: src + "sql/session" },
      to: { path: src + "engines/(?!engine\\.ts)" },
    },
    room("engine-seam", "engines/engine\\.ts", ["generated/"]),
    room("duckdb-engine", "engines/duckdb/(?!sources/)", [
      common,
      "engines/engine\\.ts",
      "engines/duckdb/",
      "sql/(types|plan)/",
      "sql/errors\\.ts",
      "generated/",
    ]),
    room("duckdb-sources", "engines/duckdb/sources/", [
      common,
      "engines/engine\\.ts",
      "engines/duckdb/",
      "sql/(types|plan)/",
      "sql/errors\\.ts",
      "generated/",
      "kafka/",
      "azure/",
    ]),
    room("spark-connect-engine", "engines/spark-connect/", [
      common,
      "engines/engine\\.ts",
      "engines/spark-connect/",
      "sql/errors\\.ts",
      "generated/",
    ]),
    room("kafka", "kafka/", [common, "kafka/"]),
    room("azure", "azure/", [common, "azure/"]),
    room("dummy-data", "dummy-data/", [common, "dummy-data/"]),
    room("kernel", "kernel/", [common, "kernel/"]),
    room("notebook", "notebook/", [common, "notebook/", "kernel/(wire|protocol|index\\.ts)"]),
    room("stack", "stack/", [common, "stack/", "generated/"]),
    room("preload", "preload/", [common, "preload/", "sql/", "kafka/", "azure/", "dummy-data/", "kernel/display/"]),
    { name: "nothing-imports-cli", severity: "error", from: { pathNot: src + "cli/" }, to: { path: src + "cli/" } },
  ],
  options: {
    tsConfig: { fileName: "tsconfig.lint.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(^|/)dist/" },
    enhancedResolveOptions: { conditionNames: ["source", "import", "default"], exportsFields: ["exports"] },
  },
};
