import { expect, test } from "vitest";
import { newMessage } from "../protocol/builders.ts";
import { decode, encode } from "./framing.ts";
import { createSigner } from "./signer.ts";

const signer = createSigner({ key: "a key", signature_scheme: "hmac-sha256" });

function frames(message = newMessage("a_type", { text: "ü" }, "session")): Buffer[] {
  return encode(message, signer).map((frame) => Buffer.from(frame as Uint8Array));
}

test("a message survives the wire with identities, parent, metadata and buffers", () => {
  const parent = newMessage("p", {}, "s").header;
  const message = newMessage("a_type", { text: "ü", list: [1] }, "session", {
    parent,
    metadata: { m: 1 },
    identities: [Buffer.from("id")],
    buffers: [new Uint8Array([0, 255])],
  });
  const read = decode(frames(message), signer);
  expect(read).toMatchObject({
    header: message.header,
    parentHeader: parent,
    metadata: { m: 1 },
    content: message.content,
  });
  expect(typeof read !== "string" && read.identities.map(String)).toEqual(["id"]);
  expect(typeof read !== "string" && [...(read.buffers[0] ?? [])]).toEqual([0, 255]);
});

test("frames that are no message are refused with the reason", () => {
  expect(decode([Buffer.from("x")], signer)).toBe("NO_DELIMITER");
  expect(decode(frames().slice(0, 3), signer)).toBe("TOO_SHORT");
  const changed = frames();
  changed[5] = Buffer.from('{"text":"other"}');
  expect(decode(changed, signer)).toBe("BAD_SIGNATURE");
  const open = createSigner({ key: "", signature_scheme: "hmac-sha256" });
  const broken = frames();
  broken[2] = Buffer.from("{");
  expect(decode(broken, open)).toBe("BAD_JSON");
  broken[2] = Buffer.from("{}");
  expect(decode(broken, open)).toBe("BAD_JSON");
});
