// Names that people compare by eye: readable, and no two that look alike. Twin of tally/names.py.

const MAX_NAME = 200;
/** Drawn as nothing at all, though no control: variation selectors, Hangul fillers and the like. */
const INVISIBLE = /[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\u{e0100}-\u{e01ef}]/u;
const CONTROLS = /[\p{C}\p{Z}]/u;

/** Whether a name is composed (NFC), of reasonable length, without controls, invisible characters or blank ends. */
export function readable(name) {
  const bare = name.replace(/\u3000/g, " ");
  return name.length > 0 && Array.from(name).length <= MAX_NAME && bare === bare.trim() &&
    !CONTROLS.test(bare.replace(/ /g, "")) && !INVISIBLE.test(name) && name.normalize("NFC") === name;
}

/** Whether all names are readable and differ by more than width, case and spaces. */
export function distinct(names) {
  const looks = new Set(names.map((name) => name.normalize("NFKC").toUpperCase().toLowerCase().replace(/\s+/g, "")));
  return looks.size === names.length && names.every(readable);
}
