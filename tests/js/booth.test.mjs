// The booth's pure parts: what a draft means, how long a phone waits, and the floor that its modules keep to.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as choices from "../../voting/static/js/booth/choices.js";
import { make, warm } from "../../voting/static/js/booth/encrypt.js";
import { patience } from "../../voting/static/js/booth/wire.js";
import { limits, promises, several, whoDecrypts } from "../../voting/static/js/booth/words.js";
import { ROOT, vectors } from "./support.mjs";

const one = { answers: ["甲", "乙", "丙"], blank: true, min: 1, max: 1 };
const two = { answers: ["甲", "乙", "丙"], blank: true, min: 1, max: 2 };
const grade = { answers: ["优秀", "称职"], blank: false, min: 0, max: 1 };
const must = { answers: ["甲", "乙", "丙"], blank: false, min: 2, max: 3 };

for (const folder of ["booth", "board"]) {
  test(`js/${folder} needs nothing later than Chrome 67 and Safari 14`, () => {
    const path = join(ROOT, "voting", "static", "js", folder);
    const scripts = readdirSync(path).map((name) => join(path, name));
    const checker = ["--expose-internals", join(ROOT, "tests", "js", "floor.cjs"), ...scripts];
    const report = JSON.parse(execFileSync(process.execPath, checker, { encoding: "utf8" }));
    assert.equal(Object.keys(report).length, scripts.length);
    for (const [script, problems] of Object.entries(report)) assert.deepEqual(problems, [], script);
  });
}

test("a tap chooses, a second tap un-chooses", () => {
  const [empty] = choices.emptyDraft([one]);
  const chosen = choices.tap(one, empty, 1);
  assert.deepEqual(chosen.picked, [1]);
  assert.deepEqual(choices.tap(one, chosen, 1).picked, []);
});

test("with one to choose, another tap replaces; with several, a full list stays as it is", () => {
  assert.deepEqual(choices.tap(one, { picked: [1], none: false }, 2).picked, [2]);
  const full = { picked: [0, 2], none: false };
  assert.equal(choices.tap(two, full, 1), full);
});

test("choosing a person takes the abstention back, and the other way round", () => {
  assert.deepEqual(choices.tap(one, { picked: [], none: true }, 0), { picked: [0], none: false });
  assert.deepEqual(choices.tapNone({ picked: [0], none: false }), { picked: [], none: true });
});

test("a draft becomes the plaintext of the record, the blank flag first", () => {
  const draft = [{ picked: [2], none: false }, { picked: [0, 1], none: false }, { picked: [1], none: false }];
  assert.deepEqual(choices.vectors([one, two, grade], draft), [[0, 0, 0, 1], [0, 1, 1, 0], [0, 1]]);
});

test("an abstention, said or unsaid, is the blank flag, or nothing where there is none", () => {
  const draft = [{ picked: [], none: true }, { picked: [], none: false }, { picked: [], none: false }];
  assert.deepEqual(choices.vectors([one, two, grade], draft), [[1, 0, 0, 0], [1, 0, 0, 0], [0, 0]]);
  assert.deepEqual(draft.map(choices.open), [false, true, true]);
});

test("too few is said where a question asks for more", () => {
  assert.equal(choices.tooFew(must, { picked: [], none: false }), true);
  assert.equal(choices.tooFew(must, { picked: [1], none: false }), true);
  assert.equal(choices.tooFew(must, { picked: [0, 1], none: false }), false);
  assert.equal(choices.tooFew(one, { picked: [], none: false }), false);
});

test("a kept draft that does not fit the questions is dropped", () => {
  const empty = choices.emptyDraft([one]);
  for (const bad of [null, [], [{}], [{ picked: [3] }], [{ picked: [0, 1] }], [{ picked: ["0"] }], "x"]) {
    assert.deepEqual(choices.usable(bad, [one]), empty);
  }
  const good = [{ picked: [2], none: false }];
  assert.equal(choices.usable(good, [one]), good);
});

test("an answer is split at the first bracket and keeps its name when there is none", () => {
  assert.deepEqual(choices.splitAnswer("沈亦舟（对外贸易处　副处长（主持工作））"), { name: "沈亦舟", duty: "对外贸易处　副处长（主持工作）" });
  assert.deepEqual(choices.splitAnswer("同意"), { name: "同意", duty: "" });
  assert.deepEqual(choices.splitAnswer("（空）"), { name: "（空）", duty: "" });
});

test("a phone waits longer each time, never over half a minute, and not in step with the others", () => {
  assert.deepEqual([1, 2, 3, 4, 5, 9].map((n) => patience(n, () => 1)), [2, 4, 8, 16, 30, 30]);
  assert.ok(patience(5, () => 0) < patience(5, () => 1));
  assert.ok(patience(1, () => 0) >= 1);
});

test("who decrypts is said in words", () => {
  assert.equal(whoDecrypts(3, 2), "三人中两人共同解密");
  assert.equal(whoDecrypts(3, 3), "三人共同解密");
  assert.equal(several(12), "12");
});

test("a worker that failed is dismissed, so nothing it still says can be taken for a later ballot", async () => {
  const workers = [];
  globalThis.document = { getElementById: () => ({ dataset: { worker: "worker.js" } }) };
  globalThis.Worker = class {
    constructor() {
      this.jobs = 0;
      workers.push(this);
    }
    postMessage(asked) {
      if (asked.make) this.jobs += 1;
      queueMicrotask(() => this.onmessage({ data: asked.warm ? { warm: true } : { failed: "memory" } }));
    }
    terminate() {
      this.ended = true;
    }
  };
  const { election } = vectors("ballots.json");
  const job = { election, uuid: JSON.parse(election).uuid, code: "a code", choices: [[0, 1, 0, 1], [0, 0, 0, 0], [0, 1]] };
  warm(election);
  await new Promise((done) => setTimeout(done));
  const first = await make(job, () => {});
  const second = await make(job, () => {});
  assert.notEqual(first.tracker, second.tracker);
  assert.deepEqual(workers.map(({ jobs, ended }) => [jobs, ended]), [[1, true]]);
});

test("before the vote a phone says whether groups are counted apart, and from how many ballots on", () => {
  const facts = { kind: "recommendation", trustees: 3, threshold: 3, minimum: 5, issuance: "server", transport: "https" };
  const told = (byGroup) => [...promises({ ...facts, byGroup })[2], limits({ ...facts, byGroup })[0]].join("");
  assert.ok(told(true).includes("某类人员不足 5 票时并入“其余合计”，不单列。同类人员意见完全一致时"));
  assert.ok(told(false).includes("不分类别；收回不足 5 张时一票也不解开。全体意见完全一致时"));
});
