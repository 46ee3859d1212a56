import { BlobServiceClient } from "@azure/storage-blob";
import { afterAll, beforeAll, expect, test } from "vitest";

import { SourceFixture, semantics } from "../../src/engines/duckdb/sources/source-fixture.ts";
import type { WriteRequest } from "../../src/engines/duckdb/sources/write.ts";
import { write } from "../../src/engines/duckdb/sources/write.ts";
import { parseSchema } from "../../src/sql/types/index.ts";
import { startAzurite } from "../../src/stack/index.ts";
import type { LocalAzurite } from "../../src/stack/index.ts";

let azurite: LocalAzurite;
let fixture: SourceFixture;

beforeAll(async () => {
  [azurite, fixture] = await Promise.all([startAzurite(), SourceFixture.open()]);
  process.env["AZURE_STORAGE_CONNECTION_STRING"] = azurite.connectionString;
  await BlobServiceClient.fromConnectionString(azurite.connectionString).createContainer("lake");
});

afterAll(async () => {
  delete process.env["AZURE_STORAGE_CONNECTION_STRING"];
  await fixture?.close();
  await azurite?.stop();
});

function save(format: string, path: string, given: Partial<WriteRequest> = {}) {
  return fixture.inOperation((operation) =>
    write({
      operation,
      sql: "SELECT range, 'p' || range % 2 FROM range(1000)",
      schema: parseSchema("i BIGINT, p STRING"),
      natives: [],
      format,
      mode: "error",
      path,
      options: {},
      partitionBy: [],
      semantics,
      ...given,
    }),
  );
}

test("each format goes to storage and comes back, partitions too", async () => {
  for (const format of ["csv", "json", "parquet"]) {
    const uri = `az://lake/${format}/`;
    expect(await save(format, uri, { partitionBy: ["p"] })).toMatchObject({ rows: 1000, files: 2 });
    const rows = await fixture.read(format, uri);
    expect(rows).toHaveLength(1000);
    expect(rows.every(([i, p]) => p === `p${Number(i) % 2}`)).toBe(true);
    await expect(save(format, uri)).rejects.toMatchObject({ code: "PATH_ALREADY_EXISTS" });
    expect(await save(format, uri, { mode: "ignore" })).toEqual({ rows: 0, bytes: 0, files: 0 });
  }
  await save("csv", "az://lake/csv/", { mode: "overwrite", sql: "SELECT 7, 'x'" });
  expect(await fixture.read("csv", "az://lake/csv/")).toEqual([["7", "x"]]);
  await expect(fixture.read("csv", "az://lake/nothing/")).rejects.toMatchObject({ code: "PATH_NOT_FOUND" });
});
