// The best fragments of a text for a query: see searchkit/snippets/fragments.py.

import { isBlank } from "../analysis/text.js";
import { widened } from "./beside.js";
import { cut, without } from "./cutting.js";
import { leavesIn, Matcher } from "./marks.js";
import { sentenceStarts } from "./sentences.js";
import { Spelled } from "./spelled.js";

/** @typedef {import("../query/lowering.js").Leaf} Leaf */
/** @typedef {import("./marks.js").Mark} Mark */
/** @typedef {import("./cutting.js").Span} Span */
/** A piece of text with its marks, offsets into it. @typedef {{ text: string, marks: [number, number][], before: boolean, after: boolean }} Fragment */

const LENGTH = 240;
const SHORTLIST = 8;
const NEAR = 20;
const NEARNESS = 0.2;
const ORDER = 0.1;
const TYPED = 0.2;
const OWN = 0.1;

export class Highlighter {
  /** @param {any} analyzer @param {Record<string, string>} abbreviations @param {Leaf[]} leaves @param {number[]} weights @param {import("./beside.js").Beside[]} beside */
  constructor(analyzer, abbreviations, leaves, weights, beside = []) {
    this.beside = beside;
    this.analyzer = analyzer;
    this.abbreviations = abbreviations;
    this.leaves = leaves;
    this.worths = weights;
    this.spelled = new Spelled(leaves);
  }

  /** All of a text with its marks. @param {string} block @param {string} text @returns {Fragment} */
  whole(block, text) {
    return { text, marks: this.marks(block, text).map(({ start, end }) => [start, end]), before: false, after: false };
  }

  /** Up to `most` fragments in the order of the text. @param {string} block @param {string} text @returns {Fragment[]} */
  best(block, text, most = 2) {
    const marks = this.marks(block, text);
    let spans = this.spans(text, marks);
    // Of one word as typed a sentence shows no more than another: the first is the best.
    if (new Set(marks.flatMap(({ leaves }) => [...leaves])).size === 1) {
      const first = marks.find((mark) => this.spelled.leaves(text, [mark]).size) ?? marks[0];
      spans = spans.filter(({ end }) => end > first.start);
    }
    const chosen = [];
    const shown = new Set();
    while (spans.length && chosen.length < most) {
      const { score, span } = this.bestOf(text, spans, shown);
      if (!score) break;
      chosen.push(span);
      for (const mark of span.marks) mark.leaves.forEach((leaf) => shown.add(leaf));
      spans = without(span, spans);
    }
    chosen.sort((one, other) => one.start - other.start);
    return chosen.map((span) => fragment(text, span));
  }

  /** The beginning of a text whose match is elsewhere. @param {string} text @returns {Fragment} */
  opening(text) {
    const spans = this.sentences(text, 0, Math.min(text.length, 2 * LENGTH), []);
    return fragment(text, this.framed(text, spans, 0, this.worths));
  }

  /** What is shown of a document: fragments of the running text that matched, else its opening. @param {Record<string, string>} blocks @returns {Fragment[]} */
  fragments(blocks) {
    for (const name of ["body", "caption", "teaser"]) {
      const found = blocks[name] ? this.best(name, blocks[name]) : [];
      if (found.length) return found;
    }
    const text = blocks.body || blocks.teaser;
    return text ? [this.opening(text)] : [];
  }

  /** @param {string} block @param {string} text @returns {Mark[]} */
  marks(block, text) {
    const leaves = leavesIn(block, this.leaves);
    const marks = leaves.length && text ? new Matcher(leaves).marks(text, this.analyzer.analyze(text)) : [];
    return this.beside.length ? widened(text, marks, this.beside) : marks;
  }

  /** @param {string} text @param {Span[]} spans @param {Set<number>} shown */
  bestOf(text, spans, shown) {
    const own = spans.map(({ marks }) => (marks.length ? this.worth(marks, shown) : 0));
    const likely = [...spans.keys()].sort((one, other) => own[other] - own[one] || one - other).slice(0, SHORTLIST);
    const worths = this.worths.map((worth, leaf) => (shown.has(leaf) ? 0 : worth));
    let best = { score: 0, span: spans[0] };
    for (const number of likely.sort((one, other) => one - other)) {
      if (!own[number]) continue;
      const span = this.framed(text, spans, number, worths);
      const typed = [...this.spelled.leaves(text, span.marks)].filter((leaf) => !shown.has(leaf));
      const whole = this.worth(span.marks, shown) + TYPED * this.sum(typed);
      const score = (1 - OWN) * whole + OWN * own[number];
      if (score > best.score) best = { score, span };
    }
    return best;
  }

  /** What marks are worth after what is shown. @param {Mark[]} marks @param {Set<number>} shown */
  worth(marks, shown) {
    const fresh = new Set(marks.flatMap(({ leaves }) => [...leaves]).filter((leaf) => !shown.has(leaf)));
    if (!fresh.size) return 0;
    let worth = this.sum(fresh) || 1e-6;
    const near = new Map();
    for (let place = 1; place < marks.length; place += 1) {
      const [mark, following] = [marks[place - 1], marks[place]];
      const [one, other] = [sorted(mark.leaves), sorted(following.leaves)];
      const pair = sorted(new Set([...one, ...other]));
      if (pair.length < 2 || one.join() === other.join()) continue;
      const lesser = Math.min(this.greatest(mark), this.greatest(following));
      const closeness = NEAR / (NEAR + following.start - mark.end);
      const found = lesser * closeness * (NEARNESS + (one[0] < other[0] ? ORDER : 0));
      near.set(pair.join(), Math.max(found, near.get(pair.join()) ?? 0));
    }
    for (const found of near.values()) worth += found;
    return worth;
  }

  /** @param {Iterable<number>} leaves */
  sum(leaves) {
    return sorted(leaves).reduce((worth, leaf) => worth + this.worths[leaf], 0);
  }

  /** @param {Mark} mark */
  greatest(mark) {
    return Math.max(...[...mark.leaves].map((leaf) => this.worths[leaf]));
  }

  /** The sentences, with their marks, of the paragraphs that have any. @param {string} text @param {Mark[]} marks @returns {Span[]} */
  spans(text, marks) {
    const spans = [];
    for (let done = 0; done < marks.length; ) {
      const start = marks[done].start ? text.lastIndexOf("\n", marks[done].start - 1) + 1 : 0;
      const end = text.indexOf("\n", marks[done].end) + 1 || text.length;
      const first = done;
      while (done < marks.length && marks[done].start < end) done += 1;
      spans.push(...this.sentences(text, start, end, marks.slice(first, done)));
    }
    return spans;
  }

  /** @param {string} text @param {number} start @param {number} end @param {Mark[]} marks @returns {Span[]} */
  sentences(text, start, end, marks) {
    const spans = [];
    const begin = start;
    let [first, last] = [0, 0];
    const starts = sentenceStarts(text.slice(start, end), this.abbreviations).slice(1);
    for (const border of [...starts, end - begin].map((place) => place + begin)) {
      while (last < marks.length && marks[last].start < border) last += 1;
      if (last && marks[last - 1].end > border) continue;
      spans.push({ start, end: border, marks: marks.slice(first, last) });
      [start, first] = [border, last];
    }
    return spans;
  }

  /** Bring a sentence to the length of a fragment. @param {string} text @param {Span[]} spans @param {number} number @param {number[]} worths @returns {Span} */
  framed(text, spans, number, worths) {
    let span = spans[number];
    if (span.end - span.start > LENGTH) return cut(text, span, worths, LENGTH);
    for (const following of spans.slice(number + 1)) {
      if (following.start !== span.end || text[span.end - 1] === "\n") break;
      if (following.end - span.start > LENGTH) break;
      span = { start: span.start, end: following.end, marks: [...span.marks, ...following.marks] };
    }
    return span;
  }
}

/** @param {Iterable<number>} leaves */
const sorted = (leaves) => [...leaves].sort((one, other) => one - other);

/** @param {string} text @param {Span} span @returns {Fragment} */
function fragment(text, span) {
  let { start, end } = span;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  while (start < end && isBlank(text[start])) start += 1;
  return {
    text: text.slice(start, end),
    marks: span.marks.map((mark) => [mark.start - start, mark.end - start]),
    before: text.slice(0, start).trim() !== "",
    after: text.slice(end).trim() !== "",
  };
}
