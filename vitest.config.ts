import { defineConfig } from "vitest/config";

const shared = { testTimeout: 60_000, hookTimeout: 120_000 };
/** For tests that start a Spark. */
const servers = {
  // A server takes seconds to start, a cluster most of a minute; the first time they are fetched.
  testTimeout: 300_000,
  hookTimeout: 600_000,
  // Two of them do not fit on a small machine.
  fileParallelism: false,
  retry: process.env["CI"] ? 1 : 0,
};

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
    // Most tests wait for a server or a kernel: one at a time would leave the processor idle.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "unit",
          include: ["kernel-lib/src/**/*.test.ts", "notebooks/**/*.test.ts", "scripts/**/*.test.ts"],
          ...shared,
        },
      },
      {
        extends: true,
        test: {
          name: "conformance",
          include: ["kernel-lib/test/conformance/**/*.test.ts", "kernel-lib/test/types/**/*.test.ts"],
          ...shared,
        },
      },
      {
        extends: true,
        // The same tests on each engine: see kernel-lib/test/contract/under-test.ts.
        test: { name: "contract", include: ["kernel-lib/test/contract/**/*.test.ts"], ...shared },
      },
      {
        extends: true,
        test: {
          name: "docs",
          include: ["kernel-lib/test/docs/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 240_000,
        },
      },
      {
        extends: true,
        test: {
          name: "spark",
          include: ["kernel-lib/test/spark/**/*.test.ts"],
          ...servers,
        },
      },
      {
        extends: true,
        test: {
          name: "faults",
          include: ["kernel-lib/test/faults/**/*.test.ts"],
          ...servers,
        },
      },
      {
        extends: true,
        test: {
          name: "integration",
          include: ["kernel-lib/test/integration/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 240_000,
          // Real servers on a shared machine may be slow once; the report says which test was tried again.
          retry: process.env["CI"] ? 1 : 0,
        },
      },
    ],
  },
});
