// Which groups' sums may be shown: the disclosure rule of the voter groups (票种). Twin of tally/voter_groups.py.

const OTHER_MINIMUM = 20;

/** Choose what is shown from the ballots cast per group: {shown, rest}, indices, ascending. Spec: GROUPS-1. */
export function disclose(cast, minimum) {
  const ballots = (groups) => groups.reduce((sum, k) => sum + cast[k], 0);
  const all = cast.map((_, k) => k);
  let shown = all.filter((k) => cast[k] >= minimum);
  const rest = all.filter((k) => cast[k] > 0 && cast[k] < minimum);
  while (shown.length > 0 && ballots(rest) > 0 && ballots(rest) < minimum) {
    const smallest = shown.reduce((least, k) => (cast[k] < cast[least] ? k : least));
    shown = shown.filter((k) => k !== smallest);
    rest.push(smallest);
  }
  return { shown, rest: rest.sort((a, b) => a - b) };
}

/** How many ballots a group needs for a question. Spec: GROUPS-3. */
export const questionMinimum = (manifest, question) =>
  manifest.by_group.indexOf(question) >= 0 ? manifest.minimum : Math.max(OTHER_MINIMUM, manifest.minimum);

/** What is shown per question; below the poll's minimum nothing is. Spec: GROUPS-2, GROUPS-3. */
export function disclosures(manifest, cast, questions) {
  const enough = cast.reduce((sum, n) => sum + n, 0) >= manifest.minimum;
  return Array.from({ length: questions }, (_, question) =>
    disclose(cast, enough ? questionMinimum(manifest, question) : Infinity),
  );
}

/**
 * The groups shown for at least one question, in manifest order: [{index, label, sums}], a question's row of sums being
 * [] where the group is withheld. `sums` holds per group the sums of its own ballots. Spec: GROUPS-4.
 */
export function shownSums(manifest, cast, sums) {
  const allowed = disclosures(manifest, cast, sums[0].length);
  return manifest.groups
    .map((group, index) => ({
      index,
      label: group.label,
      sums: sums[index].map((row, question) => (allowed[question].shown.indexOf(index) >= 0 ? row : [])),
    }))
    .filter((group) => group.sums.some((row) => row.length > 0));
}
