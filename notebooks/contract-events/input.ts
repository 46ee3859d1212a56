import { col, functions as F, lit } from "sluice/sql";
import type { Column, DataFrame, Session } from "sluice/sql";
import { SluiceError } from "sluice/errors";
import { readChecked } from "./checked-rows.ts";
import { findFiles } from "./data-files.ts";
import { checkReadable } from "./file-text.ts";
import { groupByHeader } from "./headers.ts";
import type { FileGroup } from "./headers.ts";
import { checkLoadDate } from "./load-date.ts";
import { collectRejects, collectTableRejects } from "./rejects.ts";
import type { Reject } from "./rejects.ts";
import type { Table } from "./schema.ts";
import * as schema from "./schema.ts";
import { isTables, readTable } from "./tables.ts";
import type { LoadTables } from "./transform.ts";

/** One day's load, read and checked. */
export interface Load extends LoadTables {
  readonly loadDate: string;
  readonly counts: InputCounts;
  readonly rejects: readonly Reject[];
  /** Removes local copies; the tables cannot be read after it. */
  close(): Promise<void>;
}

/** What was read of the load date. */
export interface InputCounts {
  /** All rows of accounts, rejected ones included. */
  readonly accountsRead: number;
  /** Rows of accounts that are not known to be inactive: each is an event, or rejected. */
  readonly accountsActive: number;
  /** Those of them that were rejected; the rejects hold inactive accounts and rows of the other tables too. */
  readonly rejected: number;
  readonly partiesRead: number;
  readonly addressesRead: number;
  /** Parties of an account that is not in the load, active or not. */
  readonly partiesWithoutAccount: number;
  /** Addresses of a party that is not in the load. */
  readonly addressesWithoutParty: number;
}

/** A table that was read: every row with `_reason`, null where it is good. */
interface ReadTable {
  readonly table: Table;
  readonly rows: DataFrame;
  /** What is known of rejected rows. */
  readonly rejects: (rejected: DataFrame) => Promise<Reject[]>;
}

/**
 * Reads a day's tables and checks them: CSV files of a folder or an address in Azure storage, or the tables of a cluster
 * (see {@link isTables}).
 *
 * @param loadDate - the day, `yyyy-MM-dd`; when it is empty, the only day that the accounts have
 * @throws SluiceError `NOT_FOUND` without a table's folder, `INPUT_INVALID` for a missing column or a repeated id,
 *   `INPUT_EMPTY` when the day has no accounts, naming the days that there are
 */
export async function readLoad(spark: Session, input: string, loadDate: string, signal?: AbortSignal): Promise<Load> {
  checkLoadDate(loadDate);
  if (isTables(spark, input)) {
    const read = async (table: Table): Promise<ReadTable> => ({
      table,
      rows: await readTable(spark, input, table),
      rejects: (rejected) => collectTableRejects(table, rejected),
    });
    return assemble(read, loadDate, async () => undefined);
  }
  const files = await findFiles(input, signal);
  try {
    // All headers come first: a missing column must show before anything is computed.
    const headers = new Map<Table, FileGroup[]>();
    for (const [table, own] of files.byTable) headers.set(table, await groupByHeader(table, own));
    const read = (table: Table): Promise<ReadTable> => {
      const groups = headers.get(table)!;
      const rows = readChecked(spark, table, groups);
      return Promise.resolve({ table, rows, rejects: (rejected) => collectRejects(table, rejected, groups) });
    };
    return await assemble(read, loadDate, () => files.close());
  } catch (error) {
    try {
      if (String((error as { code?: unknown }).code).startsWith("FAILED_READ_FILE"))
        await checkReadable([...files.byTable.values()].flat());
    } finally {
      await files.close();
    }
    throw error;
  }
}

/** Counts, checks and takes apart what was read. */
async function assemble(
  readTable: (table: Table) => Promise<ReadTable>,
  loadDate: string,
  close: () => Promise<void>,
): Promise<Load> {
  const read = async (table: Table) => {
    const one = await readTable(table);
    return { ...one, summary: await summarize(table, one.rows) };
  };
  const accounts = await read(schema.accounts);
  const parties = await read(schema.parties);
  const addresses = await read(schema.partyAddress);
  const day = chooseDay(accounts.summary, loadDate);

  const rejects: Reject[] = [];
  for (const { rows, summary, rejects: collect } of [accounts, parties, addresses]) {
    if (countRows(summary, (group) => group.rejected && isOfDay(group, day)) === 0) continue;
    rejects.push(...(await collect(rows.filter(col("_reason").isNotNull().and(ofDay(day))))));
  }
  const good = ({ table, rows }: ReadTable): DataFrame =>
    rows
      .filter(
        col("_reason")
          .isNull()
          .and(col("load_date").eq(lit(day).cast("date"))),
      )
      .select(...Object.keys(table.columns).map((name) => col(name)));
  const tables: LoadTables = { accounts: good(accounts), parties: good(parties), partyAddress: good(addresses) };
  await checkUnique(schema.accounts, tables.accounts, day);
  await checkUnique(schema.parties, tables.parties, day);
  await checkUnique(schema.partyAddress, tables.partyAddress, day);

  const counts: InputCounts = {
    accountsRead: countRows(accounts.summary, (group) => isOfDay(group, day)),
    accountsActive: countRows(accounts.summary, (group) => isOfDay(group, day) && group.active),
    rejected: countRows(accounts.summary, (group) => isOfDay(group, day) && group.active && group.rejected),
    partiesRead: countRows(parties.summary, (group) => isOfDay(group, day)),
    addressesRead: countRows(addresses.summary, (group) => isOfDay(group, day)),
    // A rejected row is there all the same: what belongs to it is not without it.
    partiesWithoutAccount: await countWithout(tables.parties, accounts.rows.filter(ofDay(day)), "account_id"),
    addressesWithoutParty: await countWithout(tables.partyAddress, parties.rows.filter(ofDay(day)), "party_id"),
  };
  return { ...tables, loadDate: day, counts, rejects, close };
}

/** How many rows of a table are alike. */
interface RowGroup {
  /** The load date, or null when it cannot be read. */
  readonly day: string | null;
  readonly rejected: boolean;
  /** Not known to be inactive; true in tables where that has no meaning. */
  readonly active: boolean;
  readonly rows: number;
}

/** Counts a table's rows by day and state, in one pass. */
async function summarize(table: Table, rows: DataFrame): Promise<RowGroup[]> {
  const active = "active_ind" in table.columns ? F.coalesce(col("active_ind"), lit(1)).neq(0) : lit(true);
  const groups = await rows
    .select(
      col("load_date").cast("string").alias("day"),
      col("_reason").isNotNull().alias("rejected"),
      active.alias("active"),
    )
    .groupBy("day", "rejected", "active")
    .agg(F.count(lit(1)).alias("rows"))
    .collect();
  return groups.map((row) => ({
    day: row.get("day") as string | null,
    rejected: Boolean(row.get("rejected")),
    active: Boolean(row.get("active")),
    rows: Number(row.get("rows")),
  }));
}

function chooseDay(summary: readonly RowGroup[], wanted: string): string {
  const days = [...new Set(summary.flatMap((group) => group.day ?? []))].sort();
  const list = days.length > 20 ? `${days.slice(0, 20).join(", ")} and ${days.length - 20} more` : days.join(", ");
  if (wanted !== "") {
    if (days.includes(wanted)) return wanted;
    const there =
      days.length === 0 ? "There are no rows with a load date." : `The load dates in the input are ${list}.`;
    throw new SluiceError("INPUT_EMPTY", `The accounts have no rows of the load date ${wanted}.`, { next: there });
  }
  if (days.length === 1) return days[0]!;
  if (days.length === 0) throw new SluiceError("INPUT_EMPTY", "The accounts have no rows with a load date.");
  throw new SluiceError("INPUT_INVALID", `The accounts have ${days.length} load dates: ${list}.`, {
    next: "Say which one to load with --load-date.",
  });
}

/** A rejected row whose day cannot be read may be of any day, so each day shows it. */
function isOfDay(group: RowGroup, day: string): boolean {
  return group.day === day || (group.day === null && group.rejected);
}

/** The same as {@link isOfDay}, for rows of a table. */
function ofDay(day: string): Column {
  return col("load_date")
    .isNull()
    .or(col("load_date").eq(lit(day).cast("date")));
}

function countRows(summary: readonly RowGroup[], which: (group: RowGroup) => boolean): number {
  return summary.filter(which).reduce((sum, group) => sum + group.rows, 0);
}

async function countWithout(rows: DataFrame, others: DataFrame, key: string): Promise<number> {
  return Number(await rows.join(others.select(col(key)), key, "left_anti").count());
}

async function checkUnique(table: Table, rows: DataFrame, day: string): Promise<void> {
  const repeated = rows
    .groupBy(...table.unique)
    .agg(F.count(lit(1)).alias("times"))
    .filter(col("times").gt(1));
  const [first] = await repeated
    .orderBy(...table.unique)
    .limit(1)
    .collect();
  if (!first) return;
  const others = Number(await repeated.count()) - 1;
  const more = others === 0 ? "" : `, and ${others} other ids are repeated too`;
  const ids = table.unique.map((name) => `${name} ${String(first.get(name))}`).join(" with the ");
  throw new SluiceError(
    "INPUT_INVALID",
    `The ${ids} stands ${String(first.get("times"))} times in ${table.name} of ${day}${more}.`,
    {
      next: "Which row is right cannot be known: remove the wrong ones.",
    },
  );
}
