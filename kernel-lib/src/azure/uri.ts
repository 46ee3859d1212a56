import { SluiceError } from "../errors.ts";

/** The place of a blob, a folder of blobs or a whole container in Azure storage. */
export interface StorageUri {
  readonly scheme: "az" | "wasbs" | "abfss";
  readonly container: string;
  /** The path inside the container, without a leading slash; empty means the container itself. */
  readonly path: string;
  /** The account's blob host, such as `account.blob.core.windows.net`; absent in `az:` addresses. */
  readonly host?: string;
}

const FORMS =
  "Write az://container/path, wasbs://container@account.blob.core.windows.net/path or abfss://container@account.dfs.core.windows.net/path.";

/**
 * Whether a text is meant as an address in Azure storage.
 *
 * @example
 * ```ts
 * isStorageUri("az://landing/accounts/"); // true
 * ```
 */
export function isStorageUri(text: string): boolean {
  return /^(az|wasbs|abfss):/i.test(text);
}

/**
 * Reads an address in Azure storage.
 *
 * The path is taken as it stands: nothing is decoded, so `%20` is three characters of the blob's name, as in Spark.
 * An `abfss:` host is turned into the account's blob host, because all access goes through the Blob API.
 *
 * @param text - `az://container/path`, `wasbs://container@account.blob.…/path` or `abfss://container@account.dfs.…/path`
 * @throws SluiceError `USAGE` when the text is none of these.
 * @example
 * ```ts
 * parseStorageUri("abfss://landing@bank.dfs.core.windows.net/accounts/").host; // "bank.blob.core.windows.net"
 * ```
 */
export function parseStorageUri(text: string): StorageUri {
  const match = /^(az|wasbs|abfss):\/\/(?:([^@/]+)@)?([^@/]+)(?:\/([^]*))?$/i.exec(text);
  if (!match) throw new SluiceError("USAGE", `\`${text}\` is not an address in Azure storage.`, { next: FORMS });
  const scheme = match[1]!.toLowerCase() as StorageUri["scheme"];
  const path = (match[4] ?? "").replace(/^\/+/, "");
  if (scheme === "az") {
    if (match[2] !== undefined)
      throw new SluiceError("USAGE", `\`${text}\` names an account, which az: addresses do not.`, { next: FORMS });
    return { scheme, container: checkContainer(match[3]!, text), path };
  }
  if (match[2] === undefined)
    throw new SluiceError("USAGE", `\`${text}\` does not name a container and an account.`, { next: FORMS });
  const host = scheme === "abfss" ? match[3]!.replace(".dfs.", ".blob.") : match[3]!;
  return { scheme, container: checkContainer(match[2], text), path, host };
}

/**
 * Writes an address in Azure storage as text: the reverse of {@link parseStorageUri}.
 *
 * @example
 * ```ts
 * formatStorageUri(parseStorageUri("az://landing/accounts/")); // "az://landing/accounts/"
 * ```
 */
export function formatStorageUri(uri: StorageUri): string {
  if (uri.scheme === "az" || uri.host === undefined) return `az://${uri.container}/${uri.path}`;
  const host = uri.scheme === "abfss" ? uri.host.replace(".blob.", ".dfs.") : uri.host;
  return `${uri.scheme}://${uri.container}@${host}/${uri.path}`;
}

/**
 * The account's name in an address, when the address has one.
 *
 * @example
 * ```ts
 * accountOf(parseStorageUri("abfss://landing@bank.dfs.core.windows.net/")); // "bank"
 * ```
 */
export function accountOf(uri: StorageUri): string | undefined {
  return uri.host?.split(".")[0];
}

/**
 * An address below another: `childUri(az://c/a, "b.csv")` is `az://c/a/b.csv`.
 *
 * @example
 * ```ts
 * childUri(parseStorageUri("az://landing/accounts/"), "part-0.csv").path; // "accounts/part-0.csv"
 * ```
 */
export function childUri(parent: StorageUri, relative: string): StorageUri {
  return { ...parent, path: folderPrefix(parent.path) + relative };
}

/**
 * The prefix that the names of all blobs in a folder share; empty for the container itself.
 *
 * @example
 * ```ts
 * folderPrefix("accounts"); // "accounts/"
 * ```
 */
export function folderPrefix(path: string): string {
  const trimmed = path.replace(/\/+$/, "");
  return trimmed === "" ? "" : trimmed + "/";
}

function checkContainer(name: string, text: string): string {
  if (/^(\$root|\$web|[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9])$/.test(name)) return name;
  throw new SluiceError("USAGE", `\`${name}\` in \`${text}\` cannot be a container's name.`, {
    next: "A container's name has 3 to 63 lower-case letters, digits and single hyphens.",
  });
}
