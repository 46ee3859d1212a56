import type { BlobServiceClient, StoragePipelineOptions } from "@azure/storage-blob";
import { SluiceError } from "../errors.ts";
import { rememberSecret } from "./redact.ts";
import { findSecret } from "./secrets.ts";
import { accountOf, formatStorageUri } from "./uri.ts";
import type { StorageUri } from "./uri.ts";

/**
 * What opens a storage account. Each field left out is looked up as a secret (environment, then `SLUICE_SECRETS_FILE`)
 * under the name given here, which are the Azure command line's own.
 */
export interface StorageCredentials {
  /** `AZURE_STORAGE_CONNECTION_STRING`; `UseDevelopmentStorage=true` is the local emulator. */
  readonly connectionString?: string;
  /** `AZURE_STORAGE_ACCOUNT`: the account of `az:` addresses. */
  readonly account?: string;
  /** `AZURE_STORAGE_KEY` */
  readonly accountKey?: string;
  /** `AZURE_STORAGE_SAS_TOKEN` */
  readonly sasToken?: string;
}

/** A service client and how to speak of it in errors. */
export interface OpenedAccount {
  readonly service: BlobServiceClient;
  readonly account: string;
  readonly host: string;
}

// Four tries with waits of 0, 1 and 3 seconds: a service that is down is reported after about 4 seconds.
const PIPELINE: StoragePipelineOptions = {
  retryOptions: { maxTries: 4, retryDelayInMs: 1000, maxRetryDelayInMs: 4000 },
  keepAliveOptions: { enable: true },
};

/**
 * Opens the storage account that an address names, with the first of: connection string, account key, shared access
 * token, and last `DefaultAzureCredential` of `@azure/identity`, which users install themselves.
 */
export async function openAccount(uri: StorageUri, given: StorageCredentials = {}): Promise<OpenedAccount> {
  const { AnonymousCredential, BlobServiceClient, StorageSharedKeyCredential } = await import("@azure/storage-blob");
  const wanted = accountOf(uri);
  const named = (service: BlobServiceClient): OpenedAccount => ({
    service,
    account: wanted ?? service.accountName,
    host: new URL(service.url).host,
  });

  const connectionString = given.connectionString ?? findSecret("AZURE_STORAGE_CONNECTION_STRING");
  if (connectionString !== undefined) {
    rememberConnectionString(connectionString);
    const service = fromConnectionString(BlobServiceClient, connectionString);
    // Another account's connection string must not be used: its container of the same name holds other data.
    if (wanted === undefined || wanted === service.accountName) return named(service);
  }

  const account = wanted ?? given.account ?? findSecret("AZURE_STORAGE_ACCOUNT");
  if (account === undefined) {
    throw new SluiceError("SECRET_MISSING", `${formatStorageUri(uri)} needs a storage account and none is known.`, {
      next: "Set AZURE_STORAGE_CONNECTION_STRING (`UseDevelopmentStorage=true` for the one of `sluice stack up azurite`), or AZURE_STORAGE_ACCOUNT with AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.",
    });
  }
  const url = `https://${uri.host ?? `${account}.blob.core.windows.net`}`;
  const accountKey = given.accountKey ?? findSecret("AZURE_STORAGE_KEY");
  if (accountKey !== undefined) {
    rememberSecret(accountKey);
    return named(new BlobServiceClient(url, new StorageSharedKeyCredential(account, accountKey), PIPELINE));
  }
  const sasToken = given.sasToken ?? findSecret("AZURE_STORAGE_SAS_TOKEN");
  if (sasToken !== undefined) {
    rememberSecret(sasToken);
    return named(new BlobServiceClient(`${url}?${sasToken.replace(/^\?/, "")}`, new AnonymousCredential(), PIPELINE));
  }
  return named(new BlobServiceClient(url, await defaultCredential(account), PIPELINE));
}

function fromConnectionString(client: typeof BlobServiceClient, text: string): BlobServiceClient {
  try {
    return client.fromConnectionString(text, PIPELINE);
  } catch (error) {
    throw new SluiceError("CONFIG_INVALID", "The storage connection string cannot be read.", {
      cause: error,
      next: "Copy it again from the account's access keys: DefaultEndpointsProtocol=…;AccountName=…;AccountKey=…",
    });
  }
}

function rememberConnectionString(text: string): void {
  rememberSecret(text);
  const key = /AccountKey=([^;]+)/i.exec(text)?.[1];
  if (key !== undefined) rememberSecret(key);
  const token = /SharedAccessSignature=([^;]+)/i.exec(text)?.[1];
  if (token !== undefined) rememberSecret(token);
}

type Credential = BlobServiceClient["credential"];

async function defaultCredential(account: string): Promise<Credential> {
  // The name is a variable, so that the optional package need not be there to compile.
  const optionalPeer = "@azure/identity";
  try {
    const identity = (await import(optionalPeer)) as { DefaultAzureCredential: new () => Credential };
    return new identity.DefaultAzureCredential();
  } catch (error) {
    throw new SluiceError(
      "DEPENDENCY_MISSING",
      `No connection string, key or token is given for the storage account ${account}, and @azure/identity is not installed.`,
      {
        cause: error,
        next: "Set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN, or run npm install @azure/identity.",
      },
    );
  }
}
