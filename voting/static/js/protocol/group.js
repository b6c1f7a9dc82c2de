// Ed25519's prime-order subgroup in the record's notation, written additively. Twin of keys/group.py and keys/curve.py.
//
// A point is a point of the noble library that has passed the membership check; its text is remembered beside it.
// Exponents are BigInt in [0, Q). JavaScript's integers are not constant-time: secret exponents always take the same
// sequence of point operations, which is as far as a browser can go.

import { ed25519, normalizeZ } from "../../vendor/noble-booth.js";
import { digest, fromHex, hex, platformRandom, toInteger, utf8 } from "./bytes.js";
import { Invalid, demand } from "./errors.js";

const Point = ed25519.Point;

/** The group's name in the record. Spec: GROUP-1. */
export const NAME = "Ed25519";
/** The group's order. */
export const Q = Point.Fn.ORDER;
/** The base point g. */
export const G = Point.BASE;
/** The neutral element. */
export const IDENTITY = Point.ZERO;

const ZERO = BigInt(0);
const HEX = /^[0-9a-f]{64}$/;
const DECIMAL = /^(?:0|[1-9][0-9]*)$/;
const DIGITS = String(Q).length;

const texts = new WeakMap();
const tables = new WeakMap();

/** Reduce any integer into the exponents. */
export function scalar(value) {
  const rest = value % Q;
  return rest < ZERO ? rest + Q : rest;
}

/** Read a canonical decimal below the order. Raises Invalid("scalar"). Spec: GROUP-4. */
export function parseScalar(text, where) {
  demand(typeof text === "string" && text.length <= DIGITS && DECIMAL.test(text), "scalar", where);
  const value = BigInt(text);
  demand(value < Q, "scalar", where);
  return value;
}

/** SHA-256 of the text as a big-endian integer mod Q. Spec: GROUP-5. */
export const hashToScalar = (text) => toInteger(digest(utf8(text))) % Q;

/** A uniform exponent: 64 random bytes, big-endian, mod Q. Spec: GROUP-6. */
export const randomScalar = (rng) => toInteger((rng || platformRandom)(64)) % Q;

/** Read the record's form of a member, the identity included. Raises Invalid("point"). Spec: GROUP-2. */
export function parseOrIdentity(text, where) {
  demand(typeof text === "string" && HEX.test(text), "point", where);
  let point;
  try {
    point = Point.fromBytes(fromHex(text).reverse(), false);
  } catch (error) {
    throw new Invalid("point", where);
  }
  if (!isIdentity(point)) {
    const powers = new Powers(point);
    demand(powers.isMember(), "point", where);
    tables.set(point, powers);
  }
  texts.set(point, text);
  return point;
}

/** Read the record's form of a member other than the identity. Raises Invalid. Spec: GROUP-2, GROUP-3. */
export function parsePoint(text, where) {
  const point = parseOrIdentity(text, where);
  demand(!isIdentity(point), "identity", where);
  return point;
}

/** Whether a point is the neutral element. */
export const isIdentity = (point) => point.is0();

/** The record's form of a point: 64 lowercase hex digits, big-endian. Spec: GROUP-2. */
export function text(point) {
  const known = texts.get(point);
  if (known !== undefined) return known;
  const made = hex(point.toBytes().reverse());
  texts.set(point, made);
  return made;
}

/** Write many points at once: one field inversion for all of them. Afterwards text() is free. */
export function writeAll(points) {
  const fresh = points.filter((point) => !texts.has(point));
  const normal = normalizeZ(Point, fresh);
  fresh.forEach((point, i) => texts.set(point, hex(normal[i].toBytes().reverse())));
}

/** point^k for a public exponent; the time depends on k. */
export function power(point, k) {
  if (k === ZERO || isIdentity(point)) return IDENTITY;
  let powers = tables.get(point);
  if (powers === undefined) tables.set(point, (powers = new Powers(point)));
  return powers.to(k);
}

/** point^k for a secret exponent, by the library's own multiplication. */
export function secretPower(point, k) {
  return k === ZERO || isIdentity(point) ? IDENTITY : point.multiply(k);
}

const SPANS = 4;
const SPAN_BITS = 64;

/** Multiples of a point that make several public exponents of it cheap: the doublings are done once. */
class Powers {
  constructor(point) {
    this.spans = [];
    let base = point;
    for (let span = 0; span < SPANS; span++) {
      if (span > 0) for (let i = 0; i < SPAN_BITS; i++) base = base.double();
      const row = [IDENTITY, base];
      for (let i = 2; i < 16; i++) row.push(i & 1 ? row[i - 1].add(base) : row[i >> 1].double());
      this.spans.push(row);
    }
  }

  to(k) {
    const digits = k.toString(16).padStart((SPANS * SPAN_BITS) / 4, "0");
    const columns = SPAN_BITS / 4;
    let sum = null;
    for (let column = 0; column < columns; column++) {
      if (sum !== null) sum = sum.double().double().double().double();
      for (let span = 0; span < SPANS; span++) {
        const digit = parseInt(digits[(SPANS - 1 - span) * columns + column], 16);
        if (digit !== 0) sum = sum === null ? this.spans[span][digit] : sum.add(this.spans[span][digit]);
      }
    }
    return sum === null ? IDENTITY : sum;
  }

  /** Whether the point lies in the subgroup of order Q. */
  isMember() {
    return isIdentity(this.to(Q));
  }
}

const WINDOW = 6;
const WINDOWS = Math.ceil(253 / WINDOW);

/** A table for many secret powers of one point. Every power makes the same additions and reads every entry. */
export class FixedBase {
  constructor(point) {
    this.rows = [];
    this.next = point;
  }

  /** Build one more row; false if all are there. */
  grow() {
    if (this.rows.length === WINDOWS) return false;
    const entries = [IDENTITY, this.next];
    for (let i = 2; i < 1 << WINDOW; i++) entries.push(entries[i - 1].add(this.next));
    this.rows.push(entries);
    this.next = entries[entries.length - 1].add(this.next);
    return true;
  }

  /** point^k for any integer k. */
  to(k) {
    while (this.grow());
    let rest = scalar(k);
    // The lowest 30 bits at a time leave BigInt: five windows each.
    let sum = IDENTITY;
    for (let row = 0; row < WINDOWS; row += 5) {
      let chunk = Number(BigInt.asUintN(30, rest));
      rest >>= BigInt(30);
      for (let i = row; i < row + 5 && i < WINDOWS; i++) {
        const digit = chunk & ((1 << WINDOW) - 1);
        chunk >>= WINDOW;
        const entries = this.rows[i];
        let chosen = IDENTITY;
        for (let j = 0; j < entries.length; j++) chosen = j === digit ? entries[j] : chosen;
        sum = sum.add(chosen);
      }
    }
    return sum;
  }
}

const fixed = new WeakMap();

/** The remembered table of a point that is raised to many powers: g, and the election key. */
export function fixedBase(point) {
  let table = fixed.get(point);
  if (table === undefined) fixed.set(point, (table = new FixedBase(point)));
  return table;
}

/** Build that table a row at each next(), so that no tap waits for all of it. */
export function* fixedBaseSteps(point) {
  const table = fixedBase(point);
  while (table.grow()) yield;
}

/** g^k for any integer k, 0 included. */
export const base = (k) => fixedBase(G).to(k);

const small = [IDENTITY, G];

/** g^m for a small public integer m >= 0, remembered. */
export function smallPower(m) {
  while (small.length <= m) small.push(small[small.length - 1].add(G));
  return small[m];
}

/** A Schnorr pair as JSON has it. */
export const plainProof = (proof) => ({ challenge: String(proof.challenge), response: String(proof.response) });

