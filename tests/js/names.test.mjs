// Names that people compare by eye, and the line that makes an election ours: the vectors that Python answers to as well.
import assert from "node:assert/strict";
import { test } from "node:test";

import { parseElection } from "../../voting/static/js/protocol/election.js";
import { dump } from "../../voting/static/js/protocol/json.js";
import { distinct, readable } from "../../voting/static/js/protocol/names.js";
import { checkReceipt } from "../../voting/static/js/protocol/receipt.js";
import { fromUtf8, refuses, utf8, vectors } from "./support.mjs";

const names = vectors("names.json");
const receipts = vectors("receipts.json");
const plain = JSON.parse(vectors("ballots.json").election);

test("ordinary names are readable", () => {
  for (const name of names.readable) assert.ok(readable(name), JSON.stringify(name));
});

test("names that hide something are not", () => {
  for (const name of names.unreadable) assert.ok(!readable(name), JSON.stringify(name));
});

test("two names that look alike are not distinct", () => {
  for (const [one, other] of names.alike) {
    assert.ok(!distinct([one, other]), one);
    assert.ok(distinct([one, "乙"]), one);
  }
});

const described = (description) => parseElection(dump(Object.assign({}, plain, { description })));

test("an election is ours or foreign by its description's last line", () => {
  for (const one of names.descriptions.ours) assert.equal(described(one).manifestHash, "A".repeat(43));
  for (const one of names.descriptions.foreign) assert.equal(described(one).manifestHash, null);
});

for (const one of names.descriptions.refused) {
  test(`a manifest named in any other way is refused: ${JSON.stringify(one)}`, () => refuses("manifest", () => described(one)));
}

test("a signature that holds only because the library multiplies by eight is refused, as Python refuses it", () => {
  const { receipt_key: key, uuid, phi, twisted } = receipts;
  refuses("receipt", () => checkReceipt(key, uuid, phi, twisted.tracker, twisted.receipt));
  refuses("receipt", () => checkReceipt(twisted.key, uuid, phi, twisted.tracker, twisted.under_key));
});
