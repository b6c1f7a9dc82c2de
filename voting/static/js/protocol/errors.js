// The one error of the browser's protocol code. Its codes are those of keys.errors and tally.errors in Python.

/** A value, ballot, record or share that must be refused: why, where it stands, and who made it. */
export class Invalid extends Error {
  constructor(code, where, who) {
    super([code, where, who].filter((part) => part).join(": "));
    this.name = "Invalid";
    this.code = code;
    this.where = where || "";
    this.who = who || null;
  }
}

/** Throw Invalid unless the condition holds. */
export function demand(condition, code, where, who) {
  if (!condition) throw new Invalid(code, where, who);
}
