// A trustee answers once: the whole record is verified, the seal from paper compared, the journal kept, the share made.

import { readSeal } from "./closing.js";
import { demand } from "./errors.js";
import { text } from "./group.js";
import { answering } from "./keyfile.js";
import { shareSteps } from "./shares.js";

/**
 * What must hold before this key answers for this closed record; returns {owner, opened}, `opened` with its journal
 * carried forward. `facts` is what verifyRecord() returned, `opened` what openKey() returned, `typed` the 封箱印记 that the
 * trustee read from the signed report: the page never shows it before. Raises Invalid. Spec: GROUPS-2, KEYFILE-3.
 */
export function mayAnswer(facts, opened, typed) {
  demand(facts.closing !== null, "closing_missing", "closing.json");
  demand(facts.ballots >= facts.manifest.minimum, "below_minimum", "total");
  const trustee = facts.trustees.find((one) => text(one.key) === text(opened.publicKey));
  demand(trustee !== undefined, "decryption_owner", "key file", opened.name);
  demand(readSeal(typed) === facts.seal, "closing", "seal");
  const entry = { uuid: facts.election.uuid, phi: facts.election.phi, sigma: facts.sigma };
  return { owner: trustee.owner, opened: answering(opened, entry) };
}

/**
 * The share of a trustee who may answer, as steps that yield {done, total}; the last returns the share's bytes.
 * The caller first has the key file with its new journal saved. Spec: DEC-1 to DEC-3, DEC-6, DEC-8.
 */
export const answerShareSteps = (facts, allowed, rng) => shareSteps(facts, allowed.owner, allowed.opened.secret, rng);
