// What the tests of the browser's protocol code share.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));
export const read = (...parts) => new Uint8Array(readFileSync(join(ROOT, ...parts)));
export const readText = (...parts) => readFileSync(join(ROOT, ...parts), "utf8");
export const readJson = (...parts) => JSON.parse(readText(...parts));
export const vectors = (name) => readJson("tests", "vectors", name);
export const utf8 = (text) => new TextEncoder().encode(text);
export const fromUtf8 = (bytes) => new TextDecoder().decode(bytes);

/** The documented random stream of a seed: see tests/vectors/README.md. */
export function stream(seed) {
  let buffer = Buffer.alloc(0);
  let blocks = 0;
  return (n) => {
    while (buffer.length < n) {
      const block = createHash("sha256").update(`mipiao-vectors|${seed}|${blocks}`).digest();
      buffer = Buffer.concat([buffer, block]);
      blocks += 1;
    }
    const taken = new Uint8Array(buffer.subarray(0, n));
    buffer = buffer.subarray(n);
    return taken;
  };
}

/** The files of a record folder: name to bytes. */
export function folder(...parts) {
  const path = join(ROOT, ...parts);
  const files = {};
  for (const name of readdirSync(path)) files[name] = new Uint8Array(readFileSync(join(path, name)));
  return files;
}

/** Assert that a call throws Invalid with this code. */
export function refuses(code, call) {
  assert.throws(call, (error) => {
    assert.equal(error.name, "Invalid", String(error.stack));
    assert.equal(error.code, code, error.message);
    return true;
  });
}

const BLOCK = 512;

/** Write an archive as Belenios does, from [name, bytes] members: only tests write archives in JavaScript. */
export function writeTar(members, timestamp) {
  const parts = [];
  for (const [name, content] of members) {
    const header = Buffer.alloc(BLOCK);
    const put = (at, text) => header.write(text, at, "latin1");
    put(0, name);
    put(100, "0000644");
    put(108, "0000000");
    put(116, "0000000");
    put(124, content.length.toString(8).padStart(11, "0"));
    put(136, timestamp.toString(8).padStart(11, "0"));
    put(148, "        ");
    put(156, "0");
    put(148, header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, "0") + "\0 ");
    parts.push(header, Buffer.from(content), Buffer.alloc((BLOCK - (content.length % BLOCK)) % BLOCK));
  }
  return new Uint8Array(Buffer.concat(parts));
}

/** Take an archive apart without judging it: [name, bytes] members. */
export function readTar(raw) {
  const bytes = Buffer.from(raw);
  const members = [];
  for (let at = 0; at < bytes.length;) {
    const name = bytes.toString("latin1", at, at + 100).replace(/\0+$/, "");
    const size = parseInt(bytes.toString("latin1", at + 124, at + 135), 8);
    members.push([name, new Uint8Array(bytes.subarray(at + BLOCK, at + BLOCK + size))]);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  return members;
}

export const sha256hex = (bytes) => createHash("sha256").update(bytes).digest("hex");

/** Write an archive of events [type, ...data], each datum bytes; payloads, hashes and the chain are made here. */
export function writeArchive(events, timestamp = 1795332189) {
  const members = [["BELENIOS", utf8(`{"version":1,"timestamp":"${timestamp}"}`)]];
  let parent = null;
  events.forEach(([type, ...data], height) => {
    for (const one of data) members.push([`${sha256hex(one)}.data.json`, one]);
    const event = {};
    if (parent !== null) event.parent = parent;
    event.height = height;
    event.type = type;
    if (data.length > 0) event.payload = sha256hex(data[data.length - 1]);
    const raw = utf8(JSON.stringify(event));
    parent = sha256hex(raw);
    members.push([`${parent}.event.json`, raw]);
  });
  return writeTar(members, timestamp);
}
