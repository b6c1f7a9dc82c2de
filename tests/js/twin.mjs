// One command for the browser's modules, from Python: JSON on standard input, JSON on standard output.
import { readFileSync } from "node:fs";

import { answerShareSteps, mayAnswer } from "../../voting/static/js/protocol/answer.js";
import { checkBallot, makeBallot, shortTracker } from "../../voting/static/js/protocol/ballot.js";
import { credentialKeys, newCredential } from "../../voting/static/js/protocol/credential.js";
import { parseElection } from "../../voting/static/js/protocol/election.js";
import { plainProof, text } from "../../voting/static/js/protocol/group.js";
import { openKey, sealKey } from "../../voting/static/js/protocol/keyfile.js";
import { parseShare, verifyShare } from "../../voting/static/js/protocol/shares.js";
import { generate, plainPublicKey, provePossession } from "../../voting/static/js/protocol/trustee.js";
import { verifyRecord } from "../../voting/static/js/protocol/verify.js";
import { makeVoid, parseVoids, verifyVoid } from "../../voting/static/js/protocol/voids.js";
import { folder, fromUtf8, utf8 } from "./support.mjs";

const COMMANDS = {
  vote({ election: raw, choices }) {
    const election = parseElection(utf8(raw));
    const credential = newCredential();
    const keys = credentialKeys(election.uuid, credential);
    const made = makeBallot(election, keys, choices);
    return { credential, public: text(keys.publicKey), raw: fromUtf8(made.raw), short: shortTracker(made.tracker) };
  },
  check({ election, ballot }) {
    return { tracker: checkBallot(utf8(ballot), parseElection(utf8(election))).tracker };
  },
  async trustee({ uuid, holder, passphrase }) {
    const made = generate(holder.name);
    const opened = { uuid, name: holder.name, role: holder.role, secret: made.secret, journal: [] };
    return {
      public_key: plainPublicKey(made.public),
      possession: plainProof(provePossession(made.secret, holder)),
      file: fromUtf8(await sealKey(opened, passphrase)),
    };
  },
  async answer({ record, file, passphrase, seal }) {
    const facts = verifyRecord(folder(...record));
    const opened = await openKey(utf8(file), passphrase);
    const allowed = mayAnswer(facts, opened, seal);
    const steps = answerShareSteps(facts, allowed);
    let step = steps.next();
    while (!step.done) step = steps.next();
    return { share: fromUtf8(step.value), journal: allowed.opened.journal };
  },
  void({ uuid, phi, code, reason, tracker, officials }) {
    return makeVoid(phi, credentialKeys(uuid, code), reason, tracker, officials);
  },
  voids({ phi, list }) {
    return parseVoids(utf8(list)).map((one) => {
      verifyVoid(one, phi);
      return text(one.credential);
    });
  },
  judge({ record, share }) {
    const facts = verifyRecord(folder(...record));
    const parsed = parseShare(utf8(share));
    verifyShare(facts, facts.trustees[parsed.owner - 1], parsed);
    return { owner: parsed.owner };
  },
};

const { command, ...given } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(await COMMANDS[command](given)));
