import { expect, test } from "vitest";
import { storageError } from "./errors.ts";

const context = {
  uri: "az://landing/accounts",
  container: "landing",
  host: "bank.blob.core.windows.net",
  account: "bank",
};

test("without a sign-in to Azure the error says how to sign in", () => {
  const thrown = Object.assign(
    new Error("ChainedTokenCredential authentication failed.\nCredentialUnavailableError: …"),
    {
      name: "AggregateAuthenticationError",
    },
  );
  const error = storageError(thrown, context);
  expect(error.code).toBe("AUTHENTICATION_FAILED");
  expect(error.message).toBe(
    "Nobody is signed in to Azure for the storage account bank. Sign in with `az login`, or set AZURE_STORAGE_CONNECTION_STRING, AZURE_STORAGE_KEY or AZURE_STORAGE_SAS_TOKEN.",
  );
});
