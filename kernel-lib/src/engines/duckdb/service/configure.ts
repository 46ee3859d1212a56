// The config call: reading and changing settings.
import type { ConfigRequest_Operation, KeyValue } from "../../../generated/spark/connect/base_pb.ts";
import { unsupported } from "../../../sql/errors.ts";
import type { Configuration } from "./configuration.ts";

type Pair = Pick<KeyValue, "key"> & { value?: string };

export function configure(operation: ConfigRequest_Operation, configuration: Configuration): Pair[] {
  const { case: kind, value } = operation.opType;
  const pair = (key: string, found: string | undefined): Pair =>
    found === undefined ? { key } : { key, value: found };
  switch (kind) {
    case "set":
      for (const { key, value: setting } of value.pairs) configuration.set(key, setting ?? "");
      return [];
    case "unset":
      for (const key of value.keys) configuration.unset(key);
      return [];
    case "get":
      return value.keys.map((key) => pair(key, configuration.get(key)));
    case "getOption":
      return value.keys.map((key) => pair(key, configuration.find(key)));
    case "getWithDefault":
      return value.pairs.map((asked) => pair(asked.key, configuration.find(asked.key) ?? asked.value));
    case "getAll":
      return configuration.all(value.prefix).map(([key, found]) => pair(key, found));
    case "isModifiable":
      return value.keys.map((key) => pair(key, String(configuration.isModifiable(key))));
    default:
      throw unsupported("This call of config", "Use get, set or unset.");
  }
}
