/**
 * A ballot in the making: one encryption a question, made while the voter still fills in. Pure work, no page, no worker.
 *
 * A question has one place. When its choice changes, what was encrypted is dropped and the new choice is encrypted with new
 * randomness: two plaintexts never share randomness, and no trace of an earlier choice is left. Nothing is stored.
 */

import { answerSteps, sealBallot } from "../protocol/ballot.js";
import { utf8 } from "../protocol/bytes.js";
import { credentialKeys } from "../protocol/credential.js";
import { parseElection, warmSteps } from "../protocol/election.js";

export class Maker {
  /** job = {election (text), uuid, code}. Raises Invalid. */
  constructor(job) {
    this.election = parseElection(utf8(job.election));
    this.keys = credentialKeys(job.uuid, job.code);
    this.places = this.election.questions.map(() => null);
    this.running = { steps: warmSteps(this.election), place: null };
  }

  /** The choices as they stand, 0/1 per ciphertext and question. */
  want(choices) {
    choices.forEach((choice, index) => {
      const name = choice.join("");
      const place = this.places[index];
      if (place === null || place.name !== name) this.places[index] = { index, name, choice, answer: null };
    });
  }

  /** Do about one ciphertext's work; false when nothing is left to do. */
  step() {
    if (this.running === null || this.stale()) {
      const place = this.places.find((one) => one !== null && one.answer === null);
      if (place === undefined) {
        this.running = null;
        return false;
      }
      this.running = { steps: answerSteps(this.election, this.keys.publicKey, place.index, place.choice), place };
    }
    const step = this.running.steps.next();
    if (step.done) {
      if (this.running.place !== null) this.running.place.answer = step.value;
      this.running = null;
    }
    return true;
  }

  /** Whether the question at work has been answered otherwise meanwhile. */
  stale() {
    const { place } = this.running;
    return place !== null && this.places[place.index] !== place;
  }

  /** How many ciphertexts still wait. */
  left() {
    return this.places.reduce((sum, one) => sum + (one !== null && one.answer === null ? one.choice.length : 0), 0);
  }

  /** Sign what step() has finished. Returns {raw, tracker}. Raises Invalid if an answer is not there. */
  seal() {
    return sealBallot(this.election, this.keys, this.places.map((one) => one.answer));
  }
}
