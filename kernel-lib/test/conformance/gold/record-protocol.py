"""Records the messages of Spark Connect's protocol from the descriptors in PySpark.

Run with a Python that has pyspark 4.0.1: python record-protocol.py
It writes protocol.json beside this file: for each message its fields, for each enum its values.
"""

import json
import pathlib

from pyspark.sql.connect.proto import base_pb2, catalog_pb2, commands_pb2, common_pb2, expressions_pb2, relations_pb2, types_pb2

messages, enums = {}, {}


def type_of(field):
    if field.message_type is not None:
        return field.message_type.full_name
    if field.enum_type is not None:
        return field.enum_type.full_name
    names = {1: "double", 2: "float", 3: "int64", 4: "uint64", 5: "int32", 8: "bool", 9: "string", 12: "bytes", 13: "uint32"}
    return names[field.type]


def oneof_of(field):
    oneof = field.containing_oneof
    # An optional field is a oneof of its own to the descriptors.
    return None if oneof is None or oneof.name == f"_{field.name}" else oneof.name


def add_enum(enum):
    enums[enum.full_name] = {value.name: value.number for value in enum.values}


def add(message):
    if message.GetOptions().map_entry:
        return
    fields = {}
    for field in message.fields:
        entry = {"number": field.number, "label": "repeated" if field.is_repeated else "single"}
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            key, value = field.message_type.fields
            entry["label"] = "map"
            entry["type"] = f"{type_of(key)},{type_of(value)}"
        else:
            entry["type"] = type_of(field)
            if field.containing_oneof is not None and field.containing_oneof.name == f"_{field.name}":
                entry["label"] = "optional"
        if oneof_of(field):
            entry["oneof"] = oneof_of(field)
        fields[field.name] = entry
    messages[message.full_name] = fields
    for nested in message.nested_types:
        add(nested)
    for enum in message.enum_types:
        add_enum(enum)


methods = {}
for module in (base_pb2, catalog_pb2, commands_pb2, common_pb2, expressions_pb2, relations_pb2, types_pb2):
    for message in module.DESCRIPTOR.message_types_by_name.values():
        add(message)
    for enum in module.DESCRIPTOR.enum_types_by_name.values():
        add_enum(enum)
    for service in module.DESCRIPTOR.services_by_name.values():
        for method in service.methods:
            methods[method.name] = [method.input_type.full_name, method.output_type.full_name]

text = json.dumps({"messages": messages, "enums": enums, "methods": methods}, separators=(",", ":"), sort_keys=True)
pathlib.Path(__file__).with_name("protocol.json").write_text(text.replace("},\"", "},\n\"") + "\n")
print(len(messages), "messages")
