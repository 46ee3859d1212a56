import { copyFile, cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { installJupyterLab, startJupyterLab } from "../../src/stack/jupyterlab.ts";
import type { RunningJupyterLab } from "../../src/stack/jupyterlab.ts";
import { fixtures, sluice } from "./runner-fixtures.ts";

// Needs Python, JupyterLab and Chromium: `npm run test:lab` installs them and sets this variable.
const chromiumPath = process.env["SLUICE_TEST_CHROMIUM"];
const notebooks = fileURLToPath(new URL("../../../notebooks/", import.meta.url));
const artefacts = fileURLToPath(new URL("../../../output/test-lab/", import.meta.url));

let folder: string;
let lab: RunningJupyterLab;
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "sluice-lab-"));
  await cp(notebooks, join(folder, "notebooks"), { recursive: true });
  await copyFile(fixtures + "lab.ipynb", join(folder, "notebooks", "lab.ipynb"));
  await mkdir(artefacts, { recursive: true });
  const install = await installJupyterLab();
  const { code, stderr } = await sluice("kernel", "install", "--prefix", install.prefix);
  expect([code, stderr]).toEqual([0, ""]);
  const args = ["--LabApp.expose_app_in_browser=True"];
  lab = await startJupyterLab(install, { folder: join(folder, "notebooks"), notebook: "lab.ipynb", args });
  browser = await chromium.launch({
    executablePath: chromiumPath,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  await lab?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** The parts of JupyterLab that the page offers to tests. */
interface LabWindow {
  jupyterapp: {
    commands: { execute(command: string): Promise<unknown> };
    shell: { currentWidget: { content: { model: { toJSON(): { cells: LabCell[] } } } } };
  };
}

interface LabCell {
  cell_type: string;
  execution_count: number | null;
  outputs: { output_type: string; text?: string | string[]; evalue?: string; data?: Record<string, unknown> }[];
}

/** Opens a notebook in a page of its own, which is photographed at the end. */
async function inLab(notebook: string, look: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  try {
    // `reset` opens the notebook alone, not what an earlier page had open.
    await page.goto(lab.url.replace("lab.ipynb?", `${notebook}?reset&`));
    await page.waitForSelector(".jp-Notebook .jp-CodeCell", { timeout: 60_000 });
    await page.locator("#jp-main-statusbar", { hasText: "TypeScript (Sluice) | Idle" }).waitFor({ timeout: 60_000 });
    await look(page);
  } finally {
    await page.screenshot({ path: join(artefacts, notebook.replace(".ipynb", ".png")) });
    await page.close();
  }
}

/** The code cells as JupyterLab holds them, also those it does not draw. */
function codeCells(page: Page): Promise<LabCell[]> {
  return page.evaluate(() => {
    const { shell } = (globalThis as unknown as LabWindow).jupyterapp;
    return shell.currentWidget.content.model.toJSON().cells.filter((cell) => cell.cell_type === "code");
  });
}

/** Runs all cells by JupyterLab's own command, and waits until they have run. */
async function runAll(page: Page): Promise<LabCell[]> {
  const ran = async (): Promise<boolean> => {
    await page.evaluate(() => {
      const { commands } = (globalThis as unknown as LabWindow).jupyterapp;
      const all = commands.execute("notebook:run-all-cells").then(() => undefined);
      return Promise.race([all, new Promise<void>((resolve) => setTimeout(resolve, 20_000))]);
    });
    return (await codeCells(page)).some((cell) => cell.execution_count !== null);
  };
  // JupyterLab drops what it is told to run before its session is ready, without a word or an end.
  await expect.poll(ran, { timeout: 120_000, interval: 500 }).toBe(true);
  const isOver = (cells: readonly LabCell[]): boolean =>
    cells.every((cell) => cell.execution_count !== null) ||
    cells.some((cell) => cell.outputs.some((output) => output.output_type === "error"));
  await expect.poll(async () => isOver(await codeCells(page)), { timeout: 120_000, interval: 500 }).toBe(true);
  return codeCells(page);
}

test.skipIf(chromiumPath === undefined)("a notebook runs in JupyterLab, and its table is seen", () =>
  inLab("lab.ipynb", async (page) => {
    expect((await runAll(page)).map((cell) => cell.execution_count)).toEqual([1, 2]);
    const table = page.locator(".jp-OutputArea-output table.branches");
    await table.waitFor();
    expect(await table.locator("td").allTextContents()).toEqual([
      "BKAUSX22",
      "United States",
      "1204",
      "BKACAX55",
      "Canada",
      "311",
    ]);
    await expect.poll(() => page.locator(".jp-OutputArea-output").allTextContents()).toContain("1515 accounts\n");
    // Highlighted as TypeScript: each keyword has an element of its own.
    expect(await page.locator(".jp-CodeCell .cm-line span", { hasText: /^const$/ }).count()).toBe(2);
  }),
);

test.skipIf(chromiumPath === undefined)("the contract events run in JupyterLab, and the accounts are seen", () =>
  inLab("contract-events.ipynb", async (page) => {
    const cells = await runAll(page);
    const errors = cells.flatMap((cell) => cell.outputs).filter((output) => output.output_type === "error");
    expect(errors).toEqual([]);
    const last = [cells.at(-1)?.outputs.at(-1)?.text ?? ""].flat().join("");
    expect(JSON.parse(last)).toMatchObject({ accountsRead: 1000, eventsAcknowledged: null, topic: null });
    const table = page.locator(".jp-OutputArea-output table").first();
    await table.scrollIntoViewIfNeeded();
    expect(await table.locator("th", { hasText: /^account_id/ }).count()).toBe(1);
    expect(await table.locator("tbody tr").count()).toBe(10);
  }),
);
