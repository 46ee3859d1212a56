// Our protocol is the public one: every message, field, enum value and method of ours is in the descriptors of Spark 4.0.1
// with the same number, type, label and oneof.
import { readFileSync } from "node:fs";
import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ScalarType } from "@bufbuild/protobuf";
import { nestedTypes } from "@bufbuild/protobuf/reflect";
import { expect, test } from "vitest";

import { file_spark_connect_base } from "../../src/generated/spark/connect/base_pb.ts";
import { file_spark_connect_commands } from "../../src/generated/spark/connect/commands_pb.ts";
import { file_spark_connect_common } from "../../src/generated/spark/connect/common_pb.ts";
import { file_spark_connect_expressions } from "../../src/generated/spark/connect/expressions_pb.ts";
import { file_spark_connect_relations } from "../../src/generated/spark/connect/relations_pb.ts";
import { file_spark_connect_types } from "../../src/generated/spark/connect/types_pb.ts";

interface Field {
  readonly number: number;
  readonly type: string;
  readonly label: string;
  readonly oneof?: string;
}

interface Gold {
  readonly messages: Readonly<Record<string, Readonly<Record<string, Field>>>>;
  readonly enums: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly methods: Readonly<Record<string, readonly [string, string]>>;
}

const gold = JSON.parse(readFileSync(new URL("gold/protocol.json", import.meta.url), "utf8")) as Gold;
const files = [
  file_spark_connect_base,
  file_spark_connect_commands,
  file_spark_connect_common,
  file_spark_connect_expressions,
  file_spark_connect_relations,
  file_spark_connect_types,
];
const types = files.flatMap((file) => [...nestedTypes(file)]);

function scalarName(scalar: ScalarType): string {
  return (ScalarType[scalar] ?? "").toLowerCase();
}

function valueType(field: DescField): string {
  const kind = field.fieldKind === "list" ? field.listKind : field.fieldKind;
  if (field.message && kind === "message") return field.message.typeName;
  if (field.enum && kind === "enum") return field.enum.typeName;
  return field.scalar === undefined ? "" : scalarName(field.scalar);
}

function mapType(field: DescField & { fieldKind: "map" }): string {
  const value = field.message?.typeName ?? field.enum?.typeName ?? scalarName(field.scalar as ScalarType);
  return `${scalarName(field.mapKey)},${value}`;
}

function describeField(field: DescField): Field {
  const optional = field.proto.proto3Optional;
  const label =
    field.fieldKind === "map" ? "map" : field.fieldKind === "list" ? "repeated" : optional ? "optional" : "single";
  const type = field.fieldKind === "map" ? mapType(field) : valueType(field);
  return { number: field.number, label, type, ...(field.oneof ? { oneof: field.oneof.name } : {}) };
}

function fieldsOf(message: DescMessage): Record<string, Field> {
  return Object.fromEntries(message.fields.map((field) => [field.name, describeField(field)]));
}

for (const type of types) {
  if (type.kind === "message")
    test(`message ${type.typeName}`, () => {
      const theirs = gold.messages[type.typeName] ?? {};
      const ours = fieldsOf(type);
      const same = Object.fromEntries(Object.keys(ours).map((name) => [name, theirs[name]]));
      expect(ours).toEqual(same);
      expect(theirs).toBeDefined();
    });
  if (type.kind === "enum")
    test(`enum ${type.typeName}`, () => {
      const ours = Object.fromEntries(type.values.map((value) => [value.name, value.number]));
      expect(gold.enums[type.typeName]).toMatchObject(ours);
    });
  if (type.kind === "service")
    test(`service ${type.typeName}`, () => {
      for (const method of type.methods)
        expect([method.input.typeName, method.output.typeName]).toEqual(gold.methods[method.name]);
    });
}
