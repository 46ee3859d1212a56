// Files of this machine as uploads to a session on a cluster.
import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { crc32 } from "node:zlib";
import type { AddArtifactsRequest } from "../generated/spark/connect/base_pb.ts";
import { create } from "@bufbuild/protobuf";
import {
  AddArtifactsRequest_ArtifactChunkSchema as ChunkSchema,
  AddArtifactsRequest_BatchSchema as BatchSchema,
} from "../generated/spark/connect/base_pb.ts";
import { SluiceError, messageOf } from "../errors.ts";

/** What the files of an upload are. */
export interface ArtifactOptions {
  /** Plain files, which the cluster's tasks find by their names. */
  readonly file?: boolean;
  /** Archives (`.zip`, `.jar`, `.tar`, `.tar.gz`, `.tgz`), unpacked on the cluster. */
  readonly archive?: boolean;
}

interface Kind {
  readonly folder: string;
  readonly endings: readonly string[];
  readonly means: string;
}

const jars: Kind = { folder: "jars", endings: [".jar"], means: "a jar" };
const archives: Kind = {
  folder: "archives",
  endings: [".zip", ".jar", ".tar", ".tar.gz", ".tgz"],
  means: "an archive",
};
const files: Kind = { folder: "files", endings: [""], means: "a file" };

/** The uploads of the files named, each read whole; the last argument may say what they are. */
export async function uploads(
  pathsAndOptions: readonly (string | ArtifactOptions)[],
): Promise<AddArtifactsRequest["payload"][]> {
  const paths = pathsAndOptions.filter((one): one is string => typeof one === "string");
  const options = Object.assign({}, ...pathsAndOptions.filter((one) => typeof one === "object")) as ArtifactOptions;
  if (options.file && options.archive) {
    throw new SluiceError("USAGE", "An upload cannot be a file and an archive.", { next: "Leave out one of the two." });
  }
  const kind = options.file ? files : options.archive ? archives : jars;
  return Promise.all(paths.map((path) => upload(path, kind)));
}

async function upload(path: string, { folder, endings, means }: Kind): Promise<AddArtifactsRequest["payload"]> {
  if (!endings.some((ending) => path.toLowerCase().endsWith(ending))) {
    throw new SluiceError("USAGE", `${path} is not ${means}: its name does not end with ${endings.join(" or ")}.`, {
      next: "Give { file: true } for a plain file.",
    });
  }
  const bytes = await readFile(path).catch((thrown: unknown) => {
    throw new SluiceError("NOT_FOUND", `The file ${path} cannot be uploaded: ${messageOf(thrown)}.`, { cause: thrown });
  });
  const data = create(ChunkSchema, { data: bytes, crc: BigInt(crc32(bytes)) });
  return { case: "batch", value: create(BatchSchema, { artifacts: [{ name: `${folder}/${basename(path)}`, data }] }) };
}
