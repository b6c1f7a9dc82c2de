// Canonical JSON, Base64 and the archive's limits: what is not the one form is refused, and never by another exception.
import assert from "node:assert/strict";
import { test } from "node:test";

import { b64, unb64 } from "../../voting/static/js/protocol/bytes.js";
import { parseElection } from "../../voting/static/js/protocol/election.js";
import { checkBallot, encryptAnswer, makeBallot, sealBallot, shortTracker } from "../../voting/static/js/protocol/ballot.js";
import { credentialKeys } from "../../voting/static/js/protocol/credential.js";
import { IDENTITY, text } from "../../voting/static/js/protocol/group.js";
import { dumpText, read } from "../../voting/static/js/protocol/json.js";
import { fromUtf8, refuses, stream, utf8, vectors } from "./support.mjs";

test("texts are escaped as Belenios does, 0x7f included", () => {
  assert.equal(dumpText({ a: '"\\/\b\f\n\r\t\u0001\u001f\u007f密票😀' }), '{"a":"\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f\\u007f密票😀"}');
  refuses("not_json", () => dumpText("\ud800"));
  refuses("not_json", () => dumpText(["a\udc00b"]));
});

const load = (bytes, where, most) => read(bytes, where, (value) => value, most);

const REFUSED = {
  "white space": [" {}", "not_canonical"],
  "a space after a colon": ['{"a": 1}', "not_canonical"],
  "a repeated key": ['{"a":1,"a":1}', "not_json"],
  "a repeated key in another spelling": ['[{"a":1,"\\u0061":1}]', "not_json"],
  "a float": ["[1.0]", "not_json"],
  "an exponent": ["[1e2]", "not_json"],
  "minus zero": ["[-0]", "not_canonical"],
  "a number of 21 digits": ["[123456789012345678901]", "not_json"],
  "a leading zero": ["[01]", "not_json"],
  "NaN": ["[NaN]", "not_json"],
  "an escaped slash": ['["\\/"]', "not_canonical"],
  "an upper-case escape": ['["\\u001F"]', "not_canonical"],
  "a raw 0x7f": ['["\u007f"]', "not_canonical"],
  "an escaped lone surrogate as a name": ['{"\\uDC00":1}', "not_json"],
  "an escaped lone surrogate": ['["\\ud800"]', "not_json"],
  "a byte order mark": ["\ufeff{}", "not_json"],
  "cut short": ['{"a":', "not_json"],
  "nothing": ["", "not_json"],
  "nine levels": ["[".repeat(9) + "]".repeat(9), "too_deep"],
  "nine levels after bytes that are no number": ["[1.0," + "[".repeat(9), "too_deep"],
  "a hundred thousand levels": ["[".repeat(100000), "too_deep"],
};

for (const [name, [input, code]] of Object.entries(REFUSED)) {
  test(`JSON is refused: ${name}`, () => refuses(code, () => load(utf8(input), "test")));
}

test("JSON is refused: bytes that are not UTF-8, and more bytes than allowed", () => {
  refuses("not_json", () => load(new Uint8Array([34, 255, 34]), "test"));
  refuses("too_deep", () => load(new Uint8Array([34, 255, 34, ...new Array(9).fill(91)]), "test"));
  refuses("too_large", () => load(utf8('"abcdef"'), "test", 7));
  assert.equal(load(utf8('"[[[[[[[[["'), "test"), "[[[[[[[[[");
});

test("JSON of more than a million values is refused before it is built", () => {
  refuses("too_large", () => load(utf8(`[${"0,".repeat(2 ** 20)}0]`), "test"));
});

test("Base64 has one form", () => {
  assert.equal(b64(new Uint8Array([255, 254, 253, 0])), "//79AA");
  assert.deepEqual([...unb64("//79AA", "test")], [255, 254, 253, 0]);
  for (const bad of ["//79AB", "//79AA==", "/", "_w", "A A", 5, null]) refuses("malformed", () => unb64(bad, "test"));
  refuses("malformed", () => unb64("//79AA", "test", 3));
});

const { election: electionText, ballots } = vectors("ballots.json");
const election = parseElection(utf8(electionText));
const sound = ballots[0];
const keys = credentialKeys(election.uuid, sound.credential);

const ELECTIONS = {
  "a repeated field order": ["not_canonical", (e) => ({ name: e.name, ...e })],
  "a field more, before the others": ["malformed", (e) => ({ more: 1, ...e })],
  "a field that Belenios does not have": ["malformed", (e) => ({ ...e, more: 1 })],
  "a short uuid": ["malformed", (e) => ({ ...e, uuid: "short" })],
  "the identity as key": ["identity", (e) => ({ ...e, public_key: text(IDENTITY) })],
  "min above max": ["malformed", (e) => ({ ...e, questions: [{ ...e.questions[2], min: 2, max: 1 }] })],
  "max above the answers": ["malformed", (e) => ({ ...e, questions: [{ ...e.questions[2], max: 3 }] })],
  "no questions": ["malformed", (e) => ({ ...e, questions: [] })],
  "no answers": ["malformed", (e) => ({ ...e, questions: [{ ...e.questions[2], answers: [], min: 0, max: 0 }] })],
  "blank written as false": ["not_canonical", (e) => ({ ...e, questions: [{ answers: ["a"], blank: false, min: 0, max: 1, question: "" }] })],
  "a version that is text": ["malformed", (e) => ({ ...e, version: "1" })],
  "a version that is true": ["malformed", (e) => ({ ...e, version: true })],
  "fields in another order, one of another type": ["malformed", (e) => ({ name: 5, ...e, name: 5 })],
  "a name that is no text": ["malformed", (e) => ({ ...e, name: 5 })],
};

for (const [name, [code, change]] of Object.entries(ELECTIONS)) {
  test(`an election is refused: ${name}`, () => {
    refuses(code, () => parseElection(utf8(dumpText(change(JSON.parse(electionText))))));
  });
}

const CHOICES = {
  "blank and a name": [[[1, 1, 0, 0], [0, 0, 0, 0], [1, 0]]],
  "nothing where blank must be said": [[[0, 0, 0, 0], [0, 0, 0, 0], [1, 0]]],
  "more than allowed": [[[0, 1, 1, 1], [0, 0, 0, 0], [1, 0]]],
  "two where one": [[[1, 0, 0, 0], [0, 0, 0, 0], [1, 1]]],
  "a two": [[[0, 2, 0, 0], [0, 0, 0, 0], [1, 0]]],
  "too few flags": [[[1, 0, 0], [0, 0, 0, 0], [1, 0]]],
  "too few questions": [[[1, 0, 0, 0], [0, 0, 0, 0]]],
  "nothing at all": [null],
};

for (const [name, [choices]] of Object.entries(CHOICES)) {
  test(`choices are refused: ${name}`, () => refuses("malformed", () => makeBallot(election, keys, choices)));
}

const BALLOTS = {
  "white space": ["not_canonical", (b) => ` ${dumpText(b)}`],
  "an extra field": ["malformed", (b) => ({ ...b, more: 1 })],
  "fields in another order": ["not_canonical", ({ answers, ...b }) => ({ answers, ...b })],
  "a missing answer": ["malformed", (b) => ({ ...b, answers: b.answers.slice(1) })],
  "a challenge in hex": ["scalar", (b) => ((b.signature.proof.challenge = "0x12"), b)],
  "a challenge that is a number": ["malformed", (b) => ((b.signature.proof.challenge = 12), b)],
  "a challenge with a leading zero": ["scalar", (b) => ((b.signature.proof.challenge = "0" + b.signature.proof.challenge), b)],
  "a point in capitals": ["point", (b) => ((b.credential = b.credential.toUpperCase()), b)],
  "the identity as alpha": ["identity", (b) => ((b.answers[0].choices[0].alpha = text(IDENTITY)), b)],
  "no blank proof": ["malformed", (b) => (delete b.answers[0].blank_proof, b)],
  "a blank proof where none belongs": ["malformed", (b) => ((b.answers[2].blank_proof = b.answers[0].blank_proof), b)],
  "another's credential": ["signature", (b) => ((b.credential = JSON.parse(ballots[1].raw).credential), b)],
  "too long": ["too_large", (b) => " ".repeat(1 << 16) + dumpText(b)],
};

for (const [name, [code, change]] of Object.entries(BALLOTS)) {
  test(`a ballot is refused: ${name}`, () => {
    const changed = change(JSON.parse(sound.raw));
    refuses(code, () => checkBallot(utf8(typeof changed === "string" ? changed : dumpText(changed)), election));
  });
}

/** A ballot whose answers were tampered with and then signed: only its proofs can give it away. */
function resigned(change) {
  const { answers } = JSON.parse(sound.raw);
  return sealBallot(election, keys, change(answers) || answers).raw;
}

const swap = (list, i, j) => void ([list[i], list[j]] = [list[j], list[i]]);
const PROOFS = {
  "an individual proof of another answer": ["individual_proof", (a) => swap(a[0].individual_proofs, 0, 1)],
  "an individual proof with one challenge": ["individual_proof", (a) => void a[0].individual_proofs[0].pop()],
  "an overall proof with its branches exchanged": ["overall_proof", (a) => swap(a[1].overall_proof, 0, 1)],
  "an overall proof with blank, branches exchanged": ["overall_proof", (a) => swap(a[0].overall_proof, 0, 1)],
  "a blank proof with its branches exchanged": ["blank_proof", (a) => swap(a[0].blank_proof, 0, 1)],
  "one ciphertext twice": ["ciphertext_repeated", (a) => void ((a[0].choices[1] = a[0].choices[2]), (a[0].individual_proofs[1] = a[0].individual_proofs[2]))],
  "ciphertexts exchanged": ["individual_proof", (a) => swap(a[0].choices, 0, 1)],
};

for (const [name, [code, change]] of Object.entries(PROOFS)) {
  test(`a signed ballot is refused: ${name}`, () => refuses(code, () => checkBallot(resigned(change), election)));
}

test("a copied answer of another voter is refused: proofs are bound to the credential", () => {
  const { answers } = JSON.parse(ballots[1].raw);
  refuses("individual_proof", () => checkBallot(sealBallot(election, keys, answers).raw, election));
});

test("answers encrypted one by one, in any order and again after a change, make a ballot", () => {
  const answer = (index, choice) => encryptAnswer(election, keys.publicKey, index, choice);
  const late = answer(2, [0, 1]);
  answer(0, [1, 0, 0, 0]);
  const answers = [answer(0, [0, 0, 1, 0]), answer(1, [0, 0, 0, 1]), late];
  const made = sealBallot(election, keys, answers);
  assert.equal(checkBallot(made.raw, election).tracker, made.tracker);
  assert.equal(JSON.parse(fromUtf8(made.raw)).answers.length, 3);
  refuses("malformed", () => sealBallot(election, keys, answers.slice(1)));
});

test("no two ballots of the same choices share a ciphertext", () => {
  const choices = [[1, 0, 0, 0], [0, 0, 0, 0], [1, 0]];
  const points = [1, 2].flatMap(() =>
    JSON.parse(fromUtf8(makeBallot(election, keys, choices).raw)).answers.flatMap((a) => a.choices.map((ct) => ct.alpha)));
  assert.equal(new Set(points).size, 20);
});

test("a tracker that is none has no short form", () => {
  refuses("malformed", () => shortTracker("abc"));
});

test("whatever is done to a ballot's or an election's bytes, the refusal has a code", () => {
  const rng = stream("mutations");
  const number = (limit) => ((rng(1)[0] << 16) | (rng(1)[0] << 8) | rng(1)[0]) % limit;
  const inserts = ['"', "[", "{", "}", "]", ",", ":", "0", "-", "null", "true", "\\", "\u0000", "1e999", "\ud800"];
  const mutate = (source) => {
    const at = number(source.length);
    const cut = number(3) === 0 ? number(200) : number(2);
    return source.slice(0, at) + inserts[number(inserts.length)] + source.slice(at + cut);
  };
  let refused = 0;
  for (let i = 0; i < 400; i++) {
    for (const [source, parse] of [[sound.raw, (raw) => checkBallot(raw, election)], [electionText, parseElection]]) {
      const changed = mutate(source);
      if (changed === source) continue;
      try {
        parse(utf8(changed));
        assert.equal(source, electionText, changed.slice(0, 300));
      } catch (error) {
        assert.equal(error.name, "Invalid", `${error.stack}\n${changed.slice(0, 300)}`);
        refused += 1;
      }
    }
  }
  assert.ok(refused > 600, `${refused}`);
});
