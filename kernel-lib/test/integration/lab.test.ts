import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
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
const artefacts = fileURLToPath(new URL("../../../output/test-lab/", import.meta.url));

let folder: string;
let lab: RunningJupyterLab;
let browser: Browser;

beforeAll(async () => {
  if (chromiumPath === undefined) return;
  folder = await mkdtemp(join(tmpdir(), "sluice-lab-"));
  await copyFile(fixtures + "lab.ipynb", join(folder, "lab.ipynb"));
  await mkdir(artefacts, { recursive: true });
  const install = await installJupyterLab();
  const { code, stderr } = await sluice("kernel", "install", "--prefix", install.prefix);
  expect([code, stderr]).toEqual([0, ""]);
  const args = ["--LabApp.expose_app_in_browser=True"];
  lab = await startJupyterLab(install, { folder, notebook: "lab.ipynb", args });
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

/** Runs a command of JupyterLab's own, as its menus do. */
function labCommand(page: Page, command: string): Promise<unknown> {
  type Lab = { jupyterapp: { commands: { execute(command: string): Promise<unknown> } } };
  return page.evaluate((name) => (globalThis as unknown as Lab).jupyterapp.commands.execute(name), command);
}

test.skipIf(chromiumPath === undefined)("a notebook runs in JupyterLab, and its table is seen", async () => {
  const page = await browser.newPage({ viewport: { width: 1400, height: 1000 } });
  try {
    await page.goto(lab.url);
    await page.waitForSelector(".jp-Notebook .jp-CodeCell", { timeout: 60_000 });
    await page.locator("#jp-main-statusbar", { hasText: "TypeScript (Sluice) | Idle" }).waitFor({ timeout: 60_000 });
    const prompts = page.locator(".jp-CodeCell .jp-InputPrompt");
    // JupyterLab drops what it is told to run before its session is ready, without a word.
    const runAll = async (): Promise<string[]> => {
      await labCommand(page, "notebook:run-all-cells");
      return prompts.allTextContents();
    };
    await expect.poll(runAll, { timeout: 60_000, interval: 500 }).toEqual(["[1]:", "[2]:"]);
    const table = page.locator(".jp-OutputArea-output table.branches");
    await table.waitFor({ timeout: 60_000 });
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
  } finally {
    await page.screenshot({ path: join(artefacts, "lab.png") });
    await page.close();
  }
});
