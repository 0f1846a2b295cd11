// Where words and phrases stand, by run: the number of a document times FIELDS plus that of a field.

export const FIELDS = 8;

/** Positions of words by run, each with the number of its form. @typedef {Map<number, { positions: number[], forms: number[] }>} Postings */
/** Occurrences by run: first and last position, each ascending, and weights in the order of the first. @typedef {Map<number, { starts: number[], ends: number[], weights: number[] }>} Spans */

/** Read what `searchkit.site.postings` writes of a term. @param {Uint8Array} bytes @param {boolean} several @returns {Postings} */
export function decoded(bytes, several) {
  /** @type {Postings} */
  const found = new Map();
  let at = 0;
  const number = () => {
    let [value, shift] = [0, 0];
    for (;;) {
      const byte = bytes[at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
      shift += 7;
    }
  };
  for (let document = 0; at < bytes.length; ) {
    document += number();
    const mask = bytes[at++];
    for (let field = 0; field < FIELDS; field += 1) {
      if (!(mask & (1 << field))) continue;
      const run = { positions: /** @type {number[]} */ ([]), forms: /** @type {number[]} */ ([]) };
      for (let left = number(), position = 0; left > 0; left -= 1) {
        position += number();
        run.positions.push(position);
        run.forms.push(several ? number() : 0);
      }
      found.set(document * FIELDS + field, run);
    }
  }
  return found;
}

/** Those of one form. @param {Postings} postings @param {number} form @returns {Map<number, number[]>} */
export function ofForm(postings, form) {
  const found = new Map();
  for (const [run, { positions, forms }] of postings) {
    const here = positions.filter((_, number) => forms[number] === form);
    if (here.length) found.set(run, here);
  }
  return found;
}

/** Positions of several words as one. @param {Map<number, number[]>[]} all @returns {Map<number, number[]>} */
export function merged(all) {
  if (all.length === 1) return all[0];
  const found = new Map();
  for (const places of all) {
    for (const [run, positions] of places) found.set(run, [...(found.get(run) ?? []), ...positions]);
  }
  for (const positions of found.values()) positions.sort((/** @type {number} */ a, /** @type {number} */ b) => a - b);
  return found;
}

/** Where words follow one another, up to `slop` others among them. @param {Map<number, number[]>[]} words @param {number} slop @returns {Map<number, [number, number][]>} first and last positions */
export function phrasePlaces(words, slop) {
  const found = new Map();
  const [first, ...others] = words;
  for (const [run, starts] of first) {
    const columns = others.map((word) => word.get(run));
    if (columns.some((column) => !column)) continue;
    const spans = phraseRuns(starts, /** @type {number[][]} */ (columns), slop);
    if (spans.length) found.set(run, spans);
  }
  return found;
}

/** Of places of one end the shortest. @param {number[]} starts @param {number[][]} columns @param {number} slop */
function phraseRuns(starts, columns, slop) {
  /** @type {[number, number][]} */
  const spans = [];
  for (const start of starts) {
    let end = start;
    for (let number = 0; number < columns.length && end >= 0; number += 1) {
      const next = columns[number].find((position) => position > end);
      end = next === undefined || next - start - number - 1 > slop ? -1 : next;
    }
    if (end < 0) continue;
    if (spans.length && spans[spans.length - 1][1] === end) spans.pop();
    spans.push([start, end]);
  }
  return spans;
}

/** Occurrences of any of several ways to say a thing. @param {{ places: Map<number, [number, number][]>, weight: number }[]} members @returns {Spans} */
export function spansOf(members) {
  /** @type {Map<number, [number, number, number][]>} */
  const byRun = new Map();
  for (const { places, weight } of members) {
    for (const [run, spans] of places) {
      const rows = spans.map(([start, end]) => /** @type {[number, number, number]} */ ([start, end, weight]));
      byRun.set(run, [...(byRun.get(run) ?? []), ...rows]);
    }
  }
  /** @type {Spans} */
  const found = new Map();
  for (const [run, rows] of byRun) {
    if (members.length > 1) rows.sort((one, other) => one[0] - other[0]);
    const ends = rows.map(([, end]) => end);
    if (members.length > 1) ends.sort((one, other) => one - other);
    found.set(run, { starts: rows.map(([start]) => start), ends, weights: rows.map(([, , weight]) => weight) });
  }
  return found;
}
