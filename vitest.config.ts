import { defineConfig } from "vitest/config";

const shared = { testTimeout: 60_000, hookTimeout: 120_000 };

export default defineConfig({
  resolve: { conditions: ["source"] },
  ssr: { resolve: { conditions: ["source"], externalConditions: ["source"] } },
  test: {
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
