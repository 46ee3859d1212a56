import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** Where a user's own data lies; `SLUICE_DATA_DIR` names another folder. */
export function dataFolder(): string {
  const { SLUICE_DATA_DIR, XDG_DATA_HOME, APPDATA } = process.env;
  if (SLUICE_DATA_DIR) return SLUICE_DATA_DIR;
  if (process.platform === "win32") return join(APPDATA ?? join(homedir(), "AppData", "Roaming"), "sluice");
  if (process.platform === "darwin") return join(homedir(), "Library", "Application Support", "sluice");
  return join(XDG_DATA_HOME ?? join(homedir(), ".local", "share"), "sluice");
}

/** The file that keeps the cells of all sessions. */
export function historyFile(): string {
  return join(dataFolder(), "history.jsonl");
}
