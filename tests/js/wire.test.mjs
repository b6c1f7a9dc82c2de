// Every structure that a browser reads or writes: its exact bytes, and every other way of writing it (tests/vectors/wire.json).
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseArchive } from "../../voting/static/js/protocol/archive.js";
import { checkBallot } from "../../voting/static/js/protocol/ballot.js";
import { parseClosing, verifyClosing } from "../../voting/static/js/protocol/closing.js";
import { credentialKeys } from "../../voting/static/js/protocol/credential.js";
import { parseElection } from "../../voting/static/js/protocol/election.js";
import { plainProof } from "../../voting/static/js/protocol/group.js";
import { dump } from "../../voting/static/js/protocol/json.js";
import { openKey } from "../../voting/static/js/protocol/keyfile.js";
import { checkPartition, parseManifest, readCredentials } from "../../voting/static/js/protocol/manifest.js";
import { checkReceipt, encodeReceipt, parseReceipt } from "../../voting/static/js/protocol/receipt.js";
import { encodeTally, parsePartial, parseShare, parseStrongTally, parseTally } from "../../voting/static/js/protocol/shares.js";
import { generate, plainPublicKey, provePossession, readTrustees } from "../../voting/static/js/protocol/trustee.js";
import { parseResult } from "../../voting/static/js/protocol/verify.js";
import { makeVoid, parseVoids, verifyVoid } from "../../voting/static/js/protocol/voids.js";
import { fromUtf8, read, readTar, sha256hex, stream, utf8, vectors, writeTar } from "./support.mjs";

const WIRE = vectors("wire.json");
const raw = (path) => read("tests", "vectors", ...path.split("/"));
const latin1 = (bytes) => Buffer.from(bytes).toString("latin1");

/** The bytes that a vector quotes: its text, a file, the first bytes of one, a member of an archive, a text in JSON. */
function quoted({ text, file, first, member, field }) {
  if (text !== undefined) return utf8(text);
  const whole = raw(file);
  if (first !== undefined) return whole.subarray(0, first);
  if (member !== undefined) return readTar(whole).find(([name]) => name === member)[1];
  if (field !== undefined) return utf8(field.reduce((found, step) => found[step], JSON.parse(fromUtf8(whole))));
  return whole;
}

const sound = (name) => quoted(WIRE[name].bytes);
const BEL = raw(WIRE.archive_header.bytes.file);
const election = parseElection(sound("election"));
const manifest = parseManifest(sound("manifest"));
const keyfile = vectors("keyfile.json");

/** The archive with one file exchanged and every hash that follows from it made anew. */
function within(old, other) {
  const hashes = [];
  const members = readTar(BEL).map(([name, content]) => {
    let text = latin1(sha256hex(content) === sha256hex(old) ? other : content);
    for (const [before, after] of hashes) text = text.split(before).join(after);
    const changed = Buffer.from(text, "latin1");
    const [hash, ...kind] = name.split(".");
    if (kind.length === 0 || sha256hex(changed) === hash) return [name, changed];
    hashes.push([hash, sha256hex(changed)]);
    return [[sha256hex(changed), ...kind].join("."), changed];
  });
  return writeTar(members, 1795332189);
}

const inArchive = (name) => (given) => void parseArchive(within(sound(name), given));

// What reads each structure. Who also writes it returns the bytes.
const READERS = {
  archive_header: (given) => void parseArchive(new Uint8Array([...given, ...BEL.subarray(512)])),
  election: parseElection,
  trustees: readTrustees,
  credentials: readCredentials,
  ballot: (given) => checkBallot(given, election),
  encrypted_tally: (given) => encodeTally(parseTally(given, election)),
  partial_decryption: parsePartial,
  result: (given) => parseResult(given, election),
  manifest: (given) => checkPartition(parseManifest(given), readCredentials(sound("credentials"))),
  closing: (given) => verifyClosing(parseClosing(given), manifest.receipt_key),
  voids: parseVoids,
  void_posted: parseVoids,
  strong_tally: parseStrongTally,
  share: parseShare,
  receipt(given) {
    const kept = parseReceipt(given);
    checkReceipt(manifest.receipt_key, kept.uuid, election.phi, kept.tracker, kept.receipt);
    return encodeReceipt(kept);
  },
  key_file: (given) => openKey(given, keyfile.passphrase),
};
for (const name of Object.keys(WIRE)) if (/^event_|^archive_first$|^setup_data$|^sized$|^owned$/.test(name)) READERS[name] = inArchive(name);

const HERE = Object.keys(WIRE).filter((name) => WIRE[name].languages.includes("javascript"));

test("every structure that a browser reads is read here, and no other", () => {
  assert.deepEqual(Object.keys(READERS).sort(), HERE.sort());
});

for (const name of HERE) {
  test(`${name} is read, and written alike where a browser writes it`, async () => {
    const made = await READERS[name](sound(name));
    if (made instanceof Uint8Array) assert.equal(fromUtf8(made), fromUtf8(sound(name)));
  });

  test(`${name} is refused in every other form`, async () => {
    const binary = WIRE[name].bytes.first !== undefined;
    const text = binary ? latin1(sound(name)) : fromUtf8(sound(name));
    for (const { why, find, put, code } of WIRE[name].altered) {
      assert.ok(text.includes(find), why);
      const changed = text.replace(find, () => put);
      const given = binary ? new Uint8Array(Buffer.from(changed, "latin1")) : utf8(changed);
      await assert.rejects(async () => READERS[name](given), (error) => {
        assert.equal(error.name, "Invalid", `${why}: ${error.stack}`);
        assert.equal(error.code, code, `${why}: ${error.message}`);
        return true;
      }, why);
    }
  });
}

test("a slip is voided alike, byte for byte, for each reason", () => {
  const made = WIRE.void_posted.made_of.map(({ credential, reason, tracker, officials, seed }) =>
    makeVoid(election.phi, credentialKeys(election.uuid, credential), reason, tracker, officials, stream(seed)));
  assert.equal(fromUtf8(dump(made.slice(0, 1))), fromUtf8(sound("void_posted")));
  const listed = JSON.parse(fromUtf8(sound("voids")));
  assert.deepEqual(new Set(listed.map((one) => one.reason)), new Set(["leftover", "damaged", "contested", "challenged"]));
  for (const one of listed) assert.deepEqual(made.find(({ credential }) => credential === one.credential), one);
  for (const one of parseVoids(sound("voids"))) verifyVoid(one, election.phi);
});

test("a trustee's key is handed in alike, byte for byte", () => {
  const { trustee, possession } = vectors("proofs.json");
  const made = generate(trustee.public_key.name, stream(trustee.seed));
  const proof = plainProof(provePossession(made.secret, possession.holder, stream(possession.seed)));
  assert.equal(JSON.stringify({ public_key: plainPublicKey(made.public), possession: proof }), fromUtf8(sound("trustee_key")));
  assert.equal(JSON.stringify(proof), fromUtf8(sound("key_opened")));
});
