// The bytes that Python writes (tests/vectors) are the bytes that the browser writes.
import assert from "node:assert/strict";
import { test } from "node:test";

import { argon2idAsync, xchacha20poly1305 } from "../../voting/static/vendor/noble-trustee.js";
import { b64, unb64 } from "../../voting/static/js/protocol/bytes.js";
import { checkBallot, makeBallot, shortTracker } from "../../voting/static/js/protocol/ballot.js";
import { credentialKeys, newCredential, normaliseCredential } from "../../voting/static/js/protocol/credential.js";
import { maxBallotSize, parseElection } from "../../voting/static/js/protocol/election.js";
import {
  FixedBase, G, Q, base, hashToScalar, parseOrIdentity, parsePoint, parseScalar, plainProof, power, randomScalar,
  secretPower, smallPower, text,
} from "../../voting/static/js/protocol/group.js";
import { proof } from "../../voting/static/js/protocol/json.js";
import { answering, openKey, readHeader, sealKey } from "../../voting/static/js/protocol/keyfile.js";
import { sign, verifySigned } from "../../voting/static/js/protocol/proofs.js";
import { checkReceipt } from "../../voting/static/js/protocol/receipt.js";
import {
  generate, plainPublicKey, provePossession, verifyPok, verifyPossession,
} from "../../voting/static/js/protocol/trustee.js";
import { disclosures } from "../../voting/static/js/protocol/voter_groups.js";
import { fromUtf8, refuses, stream, utf8, vectors } from "./support.mjs";

const group = vectors("group.json");

test("powers of g agree, by every way of making them", () => {
  assert.equal(String(Q), group.order);
  for (const { scalar, text: expected } of group.powers) {
    const k = BigInt(scalar);
    assert.equal(text(base(k)), expected);
    assert.equal(text(power(G, k)), expected);
    assert.equal(text(secretPower(G, k)), expected);
    if (k < 100n) assert.equal(text(smallPower(Number(k))), expected);
    assert.equal(text(parseOrIdentity(expected)), expected);
  }
});

test("powers of other points agree, by every way of making them", () => {
  for (const { base: point, scalar, text: expected } of group.variable) {
    const k = BigInt(scalar);
    assert.equal(text(power(parsePoint(point), k)), expected);
    assert.equal(text(secretPower(parsePoint(point), k)), expected);
    assert.equal(text(new FixedBase(parsePoint(point)).to(k)), expected);
  }
});

test("a fixed base takes any integer: negative ones and those beyond the order", () => {
  const table = new FixedBase(base(5n));
  assert.equal(text(table.to(-1n)), text(base(Q - 5n)));
  assert.equal(text(table.to(Q + 2n)), text(base(10n)));
  assert.equal(text(table.to(0n)), group.identity);
});

for (const { why, text: bad } of group.invalid) {
  test(`no point: ${why}`, () => {
    refuses("point", () => parseOrIdentity(bad));
    refuses("point", () => parsePoint(bad));
  });
}

test("the identity is a point only where the field may hold it", () => {
  assert.equal(text(parseOrIdentity(group.identity)), group.identity);
  refuses("identity", () => parsePoint(group.identity));
  for (const other of [null, undefined, 5, {}, []]) refuses("point", () => parseOrIdentity(other));
});

test("scalars have one form, below the order", () => {
  for (const bad of group.invalid_scalars) refuses("scalar", () => parseScalar(bad));
  for (const other of [null, 5, 5n]) refuses("scalar", () => parseScalar(other));
  assert.equal(parseScalar("0"), 0n);
  assert.equal(parseScalar(String(Q - 1n)), Q - 1n);
});

test("hashes and random exponents agree", () => {
  for (const { text: input, scalar } of group.hashes) assert.equal(String(hashToScalar(input)), scalar);
  for (const { seed, scalar } of group.random) assert.equal(String(randomScalar(stream(seed))), scalar);
});

const credentials = vectors("credentials.json");

test("credentials are drawn alike", () => {
  for (const { seed, credential } of credentials.fresh) assert.equal(newCredential(stream(seed)), credential);
  assert.match(newCredential(), /^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){4}$/);
});

test("typed credentials are forgiven what people do", () => {
  for (const { typed, credential } of credentials.typed) assert.equal(normaliseCredential(typed), credential, typed);
});

test("wrong credentials are refused", () => {
  for (const typed of credentials.refused) refuses("credential", () => normaliseCredential(typed));
  refuses("credential", () => normaliseCredential(null));
});

test("every single wrong character and every swap of neighbours is noticed", () => {
  const bare = credentials.fresh[0].credential.replace(/-/g, "");
  const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
  for (let i = 0; i < bare.length; i++) {
    for (const other of alphabet) {
      if (other !== bare[i]) refuses("credential", () => normaliseCredential(bare.slice(0, i) + other + bare.slice(i + 1)));
    }
    if (i > 0 && bare[i] !== bare[i - 1]) {
      refuses("credential", () => normaliseCredential(bare.slice(0, i - 1) + bare[i] + bare[i - 1] + bare.slice(i + 1)));
    }
  }
});

test("credentials give the same keys", () => {
  for (const { credential, secret, public: expected } of credentials.keys) {
    const keys = credentialKeys(credentials.uuid, credential);
    assert.equal(String(keys.secret), secret);
    assert.equal(text(keys.publicKey), expected);
  }
});

const proofs = vectors("proofs.json");

test("a trustee's key and proof of possession are made alike, and bound to their holder", () => {
  const made = generate("郑为民", stream(proofs.trustee.seed));
  assert.equal(String(made.secret), proofs.trustee.secret);
  assert.deepEqual(plainPublicKey(made.public), proofs.trustee.public_key);
  assert.ok(verifyPok(made.public));
  const { holder, seed, proof: expected } = proofs.possession;
  const possession = provePossession(made.secret, holder, stream(seed));
  assert.deepEqual(plainProof(possession), expected);
  assert.ok(verifyPossession(made.public.key, holder, possession));
  assert.ok(!verifyPossession(made.public.key, { ...holder, name: "别人" }, possession));
  assert.ok(!verifyPossession(base(3n), holder, possession));
  refuses("trustee", () => provePossession(made.secret, { ...holder, role: "a|b" }));
  for (const name of ["", "a\u0000", "a\u200b", "a\u3000b", null]) {
    refuses("trustee", () => provePossession(made.secret, { ...holder, name }));
  }
});

test("signatures are made alike, and hold for their key and text only", () => {
  const { seed, prefix, proof: expected } = proofs.signature;
  const secret = BigInt(proofs.trustee.secret);
  assert.deepEqual(plainProof(sign(secret, prefix, stream(seed))), expected);
  const found = proof(expected, "signature");
  assert.ok(verifySigned(base(secret), prefix, found));
  assert.ok(!verifySigned(base(secret), prefix + "x", found));
  assert.ok(!verifySigned(base(secret + 1n), prefix, found));
});

const ballots = vectors("ballots.json");
const election = parseElection(utf8(ballots.election));

test("the election is read alike", () => {
  assert.equal(election.phi, ballots.phi);
  assert.equal(maxBallotSize(election), ballots.max_size);
  assert.deepEqual(election.questions.map((question) => question.width), [4, 4, 2]);
});

ballots.ballots.forEach((expected, index) => {
  test(`ballot ${index + 1} is made alike, byte for byte, and verifies`, () => {
    const seen = [];
    const keys = credentialKeys(election.uuid, expected.credential);
    const made = makeBallot(election, keys, expected.choices, (done, total) => seen.push([done, total]), stream(expected.seed));
    assert.equal(fromUtf8(made.raw), expected.raw);
    assert.equal(made.tracker, expected.tracker);
    assert.equal(shortTracker(made.tracker), expected.short);
    assert.equal(checkBallot(made.raw, election).tracker, expected.tracker);
    assert.deepEqual(seen[seen.length - 1], [10, 10]);
    assert.ok(made.raw.length <= maxBallotSize(election));
  });
});

const receipts = vectors("receipts.json");

test("receipts hold for their ballot only", () => {
  const check = (over) => {
    const all = { ...receipts, ...receipts.receipts[0], ...over };
    checkReceipt(all.receipt_key, all.uuid, all.phi, all.tracker, all.receipt);
  };
  for (const one of receipts.receipts) check(one);
  refuses("receipt", () => check({ tracker: receipts.receipts[1].tracker }));
  refuses("receipt", () => check({ uuid: "Vectors2Mipiao" }));
  refuses("receipt", () => check({ phi: receipts.receipts[1].tracker }));
  refuses("receipt", () => check({ receipt_key: "0".repeat(64) }));
  refuses("receipt", () => check({ receipt_key: "zz" }));
  refuses("receipt", () => check({ receipt: receipts.receipts[0].receipt.slice(0, -2) + "AB" }));
  refuses("receipt", () => check({ receipt: "" }));
  refuses("receipt", () => check({ receipt: null }));
});

const keyfile = vectors("keyfile.json");
const asOpened = { uuid: keyfile.uuid, name: keyfile.name, role: keyfile.role, secret: BigInt(keyfile.secret), journal: keyfile.journal };

test("a key file is sealed alike, byte for byte", async () => {
  const steps = [];
  const file = await sealKey(asOpened, keyfile.passphrase, (part) => steps.push(part), stream(keyfile.seed));
  assert.equal(fromUtf8(file), keyfile.file);
  assert.ok(steps.length > 1 && steps[steps.length - 1] <= 1);
});

test("a key file opens, however the passphrase was composed", async () => {
  const opened = await openKey(utf8(keyfile.file), keyfile.decomposed);
  assert.equal(String(opened.secret), keyfile.secret);
  assert.deepEqual([opened.uuid, opened.name, opened.role, opened.journal], [keyfile.uuid, keyfile.name, keyfile.role, keyfile.journal]);
});

/** The same file sealed at the lowest cost, so that many refusals can be tried; changes are applied to its header. */
async function cheapFile(over, contents) {
  const header = { ...JSON.parse(keyfile.file), kdf: { name: "argon2id", ops: 1, mem_kib: 8, salt: b64(new Uint8Array(16)) } };
  const key = await argon2idAsync(utf8(keyfile.passphrase), new Uint8Array(16), { t: 1, m: 8, p: 1, dkLen: 32 });
  const bound = utf8(`mipiao-key|1|${header.uuid}|${header.public_key}`);
  const plain = utf8(JSON.stringify(contents || { x: keyfile.secret, journal: [] }));
  header.sealed = b64(xchacha20poly1305(key, unb64(header.nonce), bound).encrypt(plain));
  return JSON.stringify({ ...header, ...(typeof over === "function" ? over(header) : over) });
}

test("a wrong passphrase, a changed byte or another poll's header does not open a key file", async () => {
  const rejected = async (file, code, passphrase = keyfile.passphrase) =>
    assert.rejects(openKey(utf8(file), passphrase), (error) => error.name === "Invalid" && error.code === code);
  const changed = (over) => cheapFile(over);
  assert.equal(String((await openKey(utf8(await changed({})), keyfile.passphrase)).secret), keyfile.secret);
  await rejected(await changed({}), "passphrase", keyfile.passphrase + "x");
  await rejected(await changed({}), "passphrase", "\ud800" + keyfile.passphrase);
  await rejected(await changed({ uuid: "Vectors2Mipiao" }), "passphrase");
  await rejected(await changed({ public_key: text(base(2n)) }), "passphrase");
  await rejected(await changed((h) => ({ sealed: (h.sealed[0] === "A" ? "B" : "A") + h.sealed.slice(1) })), "passphrase");
  await rejected("{}", "key_file");
  await rejected("not json", "key_file");
  await rejected(await changed({ "mipiao-key": 2 }), "key_file");
  await rejected(await changed({ more: 1 }), "key_file");
  await rejected(await changed({ name: 5 }), "key_file");
  await rejected(await changed({ nonce: "AAAA" }), "key_file");
  await rejected(await changed({ sealed: "AAAA" }), "key_file");
  await rejected(await changed({ public_key: "zz" }), "key_file");
  await rejected(await changed((h) => ({ kdf: { ...h.kdf, mem_kib: 1 << 24 } })), "key_file");
  await rejected(await changed((h) => ({ kdf: { ...h.kdf, ops: 1000 } })), "key_file");
  await rejected(await changed((h) => ({ kdf: { ...h.kdf, name: "scrypt" } })), "key_file");
  await rejected(await cheapFile({}, { x: "5", journal: [] }), "key_file");
  await rejected(await cheapFile({}, { x: "05", journal: [] }), "key_file");
  await rejected(await cheapFile({}, { x: keyfile.secret, journal: [{ uuid: "a" }] }), "key_file");
  await rejected(await cheapFile({}, { x: keyfile.secret, journal: {} }), "key_file");
  await rejected(" ".repeat(1 << 17), "key_file");
});

test("a short passphrase is refused before anything is sealed", async () => {
  await assert.rejects(sealKey(asOpened, "short", null), (error) => error.code === "passphrase");
});

test("the header says whose file it is without the passphrase", () => {
  assert.equal(readHeader(utf8(keyfile.file)).name, keyfile.name);
});

test("a key answers once for a poll, and again only for the same closing", () => {
  const entry = { uuid: keyfile.uuid, phi: "phi", sigma: "one" };
  const answered = answering(asOpened, entry);
  assert.equal(answered.journal.length, keyfile.journal.length + 1);
  assert.equal(answering(answered, entry), answered);
  refuses("second_head", () => answering(answered, { ...entry, sigma: "two" }));
  refuses("second_head", () => answering(answered, { ...entry, phi: "other" }));
  refuses("key_file", () => answering(asOpened, { ...entry, uuid: "Vectors2Mipiao" }));
});

test("the disclosure rule shows the same groups and merges the same rest", () => {
  const rows = vectors("groups.json");
  assert.ok(rows.length > 20);
  for (const { cast, minimum, questions } of rows) {
    const told = disclosures({ minimum, by_group: [0] }, cast, 2);
    assert.deepEqual(told, questions, `${cast} with ${minimum}`);
  }
});
