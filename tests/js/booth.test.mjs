// The booth's pure parts: what a draft means, how long a phone waits, and the floor that its modules keep to.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import * as choices from "../../voting/static/js/booth/choices.js";
import { begin } from "../../voting/static/js/booth/encrypt.js";
import { Maker } from "../../voting/static/js/booth/maker.js";
import * as sheets from "../../voting/static/js/booth/sheets.js";
import { patience } from "../../voting/static/js/booth/wire.js";
import { limits, promises, several, whoDecrypts } from "../../voting/static/js/booth/words.js";
import { checkBallot } from "../../voting/static/js/protocol/ballot.js";
import { utf8 } from "../../voting/static/js/protocol/bytes.js";
import { newCredential } from "../../voting/static/js/protocol/credential.js";
import { parseElection } from "../../voting/static/js/protocol/election.js";
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

const { election } = vectors("ballots.json");
const job = { election, uuid: JSON.parse(election).uuid, code: newCredential() };
const CHOICES = [[0, 1, 0, 1], [0, 0, 0, 0], [0, 1]];

test("a worker that failed is dismissed, so nothing it still says can be taken for a later ballot", async () => {
  const workers = [];
  globalThis.document = { getElementById: () => ({ dataset: { worker: "worker.js" } }) };
  globalThis.Worker = class {
    constructor() {
      this.seals = 0;
      workers.push(this);
    }
    postMessage(asked) {
      if (asked.seal) this.seals += 1;
      queueMicrotask(() => this.onmessage({ data: asked.seal ? { failed: "memory" } : { ready: true } }));
    }
    terminate() {
      this.ended = true;
    }
  };
  try {
    const making = begin(job);
    making.want(CHOICES);
    await new Promise((done) => setTimeout(done));
    const first = await making.seal(CHOICES, () => {});
    const second = await making.seal(CHOICES, () => {});
    assert.notEqual(first.tracker, second.tracker);
    assert.deepEqual(workers.map(({ seals, ended }) => [seals, ended]), [[1, true]]);
    making.end();
  } finally {
    delete globalThis.Worker;
    delete globalThis.document;
  }
});

function finish(maker) {
  while (maker.step());
  return maker.places.map((place) => place.answer);
}

test("a question is encrypted once; a changed choice is encrypted anew and the old one dropped", () => {
  const maker = new Maker(job);
  maker.want(CHOICES);
  const first = finish(maker);
  maker.want(CHOICES);
  assert.deepEqual(finish(maker), first);
  const changed = [[1, 0, 0, 0], CHOICES[1], CHOICES[2]];
  maker.want(changed);
  assert.equal(maker.left(), 4);
  const second = finish(maker);
  assert.notDeepEqual(second[0], first[0]);
  assert.equal(second[1], first[1]);
  maker.want(CHOICES);
  const third = finish(maker);
  const alphas = (answer) => answer.choices.map((one) => one.alpha);
  for (const alpha of alphas(third[0])) assert.ok(!alphas(first[0]).concat(alphas(second[0])).includes(alpha));
  assert.deepEqual(Object.keys(maker.places[0]), ["index", "name", "choice", "answer"]);
});

test("a choice that changes while its question is being encrypted leaves nothing of the old one", () => {
  const maker = new Maker(job);
  maker.want(CHOICES);
  while (maker.running === null || maker.running.place === null) maker.step();
  maker.step();
  const changed = [[1, 0, 0, 0], CHOICES[1], CHOICES[2]];
  maker.want(changed);
  finish(maker);
  const { raw } = maker.seal();
  assert.equal(checkBallot(raw, parseElection(utf8(election))).answers.length, 3);
  assert.deepEqual(maker.places.map((place) => place.choice), changed);
});

test("what was encrypted while filling becomes a ballot that holds", async () => {
  const making = begin(job);
  making.want([[1, 0, 0, 0], [1, 0, 0, 0], [1, 0]]);
  await new Promise((done) => setTimeout(done, 400)); // no worker here: in portions on this thread
  const made = await making.seal(CHOICES, () => {});
  making.end();
  assert.equal(checkBallot(utf8(made.ballot), parseElection(utf8(election))).tracker, made.tracker);
});

const GRADES = ["优秀", "称职", "基本称职", "不称职"];
const PERSON = "季慕青（投资促进处：一组　副处长）";
const items = (person) => ["德", "总体评价"].map((item) => ({ text: `${person}：${item}`, answers: GRADES, blank: false, min: 0, max: 1 }))
  .concat([{ text: `${person}：使用意见`, answers: ["同意", "不同意"], blank: false, min: 0, max: 1 }]);
const paper = items("陈书岚（办公室　主任）").concat(items(PERSON));

test("an evaluation has a page a person; texts are split at the last ：", () => {
  const pages = sheets.sheets("evaluation", paper);
  assert.deepEqual(pages.map((page) => [page.name, page.duty]), [["陈书岚", "办公室　主任"], ["季慕青", "投资促进处：一组　副处长"]]);
  assert.deepEqual(pages[1].items, [{ q: 3, label: "德" }, { q: 4, label: "总体评价" }, { q: 5, label: "使用意见" }]);
  assert.deepEqual(pages[1].same, [3, 4]);
});

test("texts without an item, and other kinds, have a page a question", () => {
  assert.equal(sheets.sheets("recommendation", paper).length, 6);
  assert.equal(sheets.sheets("evaluation", [{ ...paper[0], text: "没有分项" }]).length, 1);
  assert.equal(sheets.byPerson(sheets.sheets("decision", [{ ...paper[0], text: PERSON }])), false);
});

test("各项同为 fills what is open; once all is filled it sets all; it never touches 使用意见", () => {
  const pages = sheets.sheets("evaluation", paper);
  const draft = choices.emptyDraft(paper);
  draft[0] = { picked: [1], none: false };
  const apply = (index) => sheets.fillSame(pages[0], draft, index).forEach(([q, entry]) => (draft[q] = entry));
  apply(0);
  assert.deepEqual(draft.slice(0, 3).map((one) => one.picked), [[1], [0], []]);
  apply(2);
  assert.deepEqual(draft.slice(0, 3).map((one) => one.picked), [[2], [2], []]);
  assert.equal(sheets.unfilled(pages[0], draft), 1);
});

test("a tick says unfinished only once the person was left", () => {
  const pages = sheets.sheets("evaluation", paper);
  const draft = choices.emptyDraft(paper);
  assert.deepEqual(pages.map((page, n) => sheets.tick(page, n, 0, draft, [])), ["now", ""]);
  assert.deepEqual(pages.map((page, n) => sheets.tick(page, n, 1, draft, [true])), ["part", "now"]);
  for (const q of [0, 1, 2]) draft[q] = { picked: [0], none: false };
  assert.equal(sheets.tick(pages[0], 0, 1, draft, [true]), "done");
});

test("the grid's characters tell all answers apart", () => {
  const marks = sheets.legend(paper).map(([mark]) => mark);
  assert.deepEqual(marks, ["优", "称", "基", "不", "同", "否"]);
  assert.equal(new Set(marks).size, marks.length);
});

test("before an evaluation a phone says which items are shown by group and from how many ballots on", () => {
  const facts = { kind: "evaluation", trustees: 3, threshold: 2, minimum: 5, byGroup: true, coarse: ["总体评价", "使用意见"] };
  const [, , [, , rule]] = promises(facts);
  assert.ok(rule.startsWith("总体评价、使用意见：某类人员不足 5 票时并入"));
  assert.ok(rule.endsWith("其他各项：不足 20 票的类别一律不单列。"));
});

test("before the vote a phone says whether groups are counted apart, and from how many ballots on", () => {
  const facts = { kind: "recommendation", trustees: 3, threshold: 3, minimum: 5, issuance: "server", transport: "https" };
  const told = (byGroup) => [...promises({ ...facts, byGroup })[2], limits({ ...facts, byGroup })[0]].join("");
  assert.ok(told(true).includes("某类人员不足 5 票时并入“其余合计”，不单列。同类人员意见完全一致时"));
  assert.ok(told(false).includes("不分类别；收回不足 5 张时一票也不解开。全体意见完全一致时"));
});
