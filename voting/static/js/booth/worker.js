/** Encrypts off the page's thread. In: {warm: election} or {make: {election, uuid, code, choices}}. */

import { fromUtf8, utf8 } from "../protocol/bytes.js";
import { ballotSteps } from "../protocol/ballot.js";
import { credentialKeys } from "../protocol/credential.js";
import { parseElection, warmUp } from "../protocol/election.js";

let known = { text: null, election: null };

function election(text) {
  if (known.text !== text) known = { text, election: parseElection(utf8(text)) };
  return known.election;
}

self.onmessage = (event) => {
  try {
    if (event.data.warm) {
      warmUp(election(event.data.warm));
      self.postMessage({ warm: true });
      return;
    }
    const job = event.data.make;
    const steps = ballotSteps(election(job.election), credentialKeys(job.uuid, job.code), job.choices);
    let step = steps.next();
    while (!step.done) {
      self.postMessage({ progress: [step.value.done, step.value.total] });
      step = steps.next();
    }
    self.postMessage({ ballot: fromUtf8(step.value.raw, "ballot"), tracker: step.value.tracker });
  } catch (error) {
    self.postMessage({ failed: String((error && error.code) || error) });
  }
};
self.postMessage({ ready: true });
