// Cutting a long sentence to the length of a fragment: see searchkit/snippets/cutting.py.

import { isBlank } from "../analysis/text.js";

/** @typedef {import("./marks.js").Mark} Mark */
/** A piece of a text, with the marks that lie in it. @typedef {{ start: number, end: number, marks: Mark[] }} Span */

const LONGEST_WORD = 30;
const COMBINING = /^[\p{M}\u200d\udc00-\udfff]/u;

/** The part from `start` to `end`, which cut no mark. @param {Span} span @param {number} start @param {number} end @returns {Span} */
export function partOf(span, start, end) {
  return { start, end, marks: span.marks.filter((mark) => start <= mark.start && mark.end <= end) };
}

/** What is left of spans outside one. @param {Span} used @param {Span[]} spans @returns {Span[]} */
export function without(used, spans) {
  return spans.flatMap((span) => {
    if (span.end <= used.start || used.end <= span.start) return [span];
    return [[span.start, used.start], [used.end, span.end]]
      .filter(([start, end]) => start < end)
      .map(([start, end]) => partOf(span, start, end));
  });
}

/** The part of a span that shows the most, at most `length` long, or one mark. @param {string} text @param {Span} span @param {number[]} worths @param {number} length @returns {Span} */
export function cut(text, span, worths, length) {
  const marks = densest(span.marks, worths, length);
  const first = marks.length ? marks[0].start : span.start;
  const last = marks.length ? marks[marks.length - 1].end : span.start;
  let start = span.start;
  if (last - span.start > Math.floor((length * 3) / 4)) {
    start = Math.max(span.start, first - Math.floor(Math.max(0, length - (last - first)) / 3));
  }
  let end = Math.min(span.end, Math.max(start + length, last));
  start = Math.max(span.start, Math.min(start, end - length));
  if (start > span.start) start = startBetweenWords(text, span.marks, start, first);
  if (end < span.end) end = endBetweenWords(text, span.marks, last, end);
  return partOf(span, start, end);
}

/** The marks that fit and are worth the most; of equals the most marks. @param {Mark[]} marks @param {number[]} worths @param {number} length */
function densest(marks, worths, length) {
  const counts = worths.map(() => 0);
  let [bestWorth, bestCount] = [-1, 0];
  /** @type {Mark[]} */
  let chosen = [];
  let [worth, end] = [0, 0];
  marks.forEach((mark, start) => {
    while (end < marks.length && (end <= start || marks[end].end - mark.start <= length)) {
      for (const leaf of marks[end].leaves) if (!counts[leaf]++) worth += worths[leaf];
      end += 1;
    }
    const found = Math.round(worth * 1e6) / 1e6;
    if (found > bestWorth || (found === bestWorth && end - start > bestCount)) {
      [bestWorth, bestCount, chosen] = [found, end - start, marks.slice(start, end)];
    }
    for (const leaf of mark.leaves) if (!--counts[leaf]) worth -= worths[leaf];
  });
  return chosen;
}

/** @param {string} text @param {Mark[]} marks @param {number} start @param {number} first */
function startBetweenWords(text, marks, start, first) {
  while (start < first) {
    const around = markAround(marks, start);
    if (around) {
      start = around.end;
      continue;
    }
    if (isBlank(text[start - 1])) return start;
    const blank = blankFrom(text, start, first);
    if (!blank) {
      while (start < first && !isBetweenCharacters(text, start)) start += 1;
      return start;
    }
    start = blank.end;
  }
  return start;
}

/** @param {string} text @param {Mark[]} marks @param {number} last @param {number} end @returns {number} */
function endBetweenWords(text, marks, last, end) {
  let place = end;
  while (place > last && !isBlank(text[place])) {
    const around = markAround(marks, place);
    place = around ? around.start : place - 1;
  }
  if (place > last || isBlank(text[last])) {
    const around = markAround(marks, place);
    return around ? endBetweenWords(text, marks, last, around.start) : place;
  }
  const after = blankFrom(text, last, end + LONGEST_WORD);
  place = after ? after.start : end;
  place = markAround(marks, place)?.start ?? place;
  while (place < text.length && !isBetweenCharacters(text, place)) place += 1;
  return place;
}

/** @param {string} text @param {number} from @param {number} to */
function blankFrom(text, from, to) {
  to = Math.min(to, text.length);
  let start = from;
  while (start < to && !isBlank(text[start])) start += 1;
  if (start >= to) return null;
  let end = start;
  while (end < to && isBlank(text[end])) end += 1;
  return { start, end };
}

/** The mark that a cut would cut. @param {Mark[]} marks @param {number} place */
const markAround = (marks, place) => marks.find((mark) => mark.start < place && mark.end > place);

/** Whether no accent, joiner or half of a pair is cut off there. @param {string} text @param {number} place */
function isBetweenCharacters(text, place) {
  return !COMBINING.test(text.slice(place, place + 1)) && text[place - 1] !== "\u200d";
}
