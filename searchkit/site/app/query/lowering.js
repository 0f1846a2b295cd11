// From the syntax tree to what must match: see searchkit/query/lowering.py.

import { fold, foldValue, HYPHENS } from "../analysis/normalization.js";
import { isAlnum, isDigit } from "../analysis/text.js";
import { namedOnly } from "./excluding.js";
import { KEYWORD_NAMES, QueryError } from "./parsing.js";
import { titlesAmong } from "./titles.js";

/** @typedef {import("./scanning.js").Syntax} Syntax */
/** @typedef {import("./scanning.js").Names} Names */
/** @typedef {import("../analysis/indonesian.js").IndonesianAnalyzer} IndonesianAnalyzer */
/**
 * @typedef {{ type: "term", term: string, form: string, exact: boolean }} Term
 * @typedef {{ type: "phrase", terms: Term[], slop: number, exact: boolean }} Phrase
 * @typedef {{ type: "quoted", leaf: Term | Phrase }} Quoted
 * @typedef {{ node: Term | Phrase, rule: string, weight: number }} Synonym
 * @typedef {Term | Phrase | { type: "synonyms", members: Synonym[] } | { type: "prefix", form: string, also: (Term | Phrase)[] }
 *   | { type: "in", leaf: Leaf, fields: string[] }} Leaf
 * @typedef {{ type: "all" } | { type: "none" } | Leaf
 *   | { type: "value", field: string, value: string } | { type: "has", fields: string[] }
 *   | { type: "dates", start: number | null, end: number | null }
 *   | { type: "and", children: Node[] }
 *   | { type: "or", children: Node[], minimum: number, share: number }
 *   | { type: "without", node: Node, excluded: Node }
 *   | { type: "boosted", node: Node, factor: number }} Node
 */

const MOST_TERMS = 200;
const MOST_PHRASE_WORDS = 200;
const MOST_PATTERNS = 20;
const MOST_BESIDE = 16;
const MOST_ALL_REQUIRED = 3;
const REQUIRED_SHARE = 0.3;
const TITLE_WORTH = 0.2;
const DATE_SIGNS = `/${HYPHENS}`;
const JAKARTA = 7 * 3600; // seconds before UTC
const AMOUNT = /^(?:rp|idr|usd|us)?[0-9][0-9.,:]*$/;
const THOUSANDS = /(?<=[0-9])\.(?=[0-9]{3}(?![0-9]))/g;
const POINT = /(?<=[0-9])[.:]/g;
const LEAVES = ["term", "phrase", "synonyms", "prefix", "in"];
const CONDITIONS = ["value", "has", "dates"];
/** @type {Record<string, string[]>} */
const TEXT_FIELDS = {
  title: ["headline", "sidebar"], body: ["body", "teaser"], section: ["section"],
  reporter: ["reporter"], tags: ["tags"],
};
/** @type {Node} */
const EVERYTHING = { type: "all" };

/** What tells nodes apart. @param {Node} node */
export const keyOf = (node) => JSON.stringify(node);

/** @param {Node} node */
export const isLeaf = (node) => LEAVES.includes(node.type);

/** The leaves of a query from left to right, but for what it excludes. @param {Node} node @returns {Leaf[]} */
export function leavesOf(node) {
  if (isLeaf(node)) return [/** @type {Leaf} */ (node)];
  if ("children" in node) return node.children.flatMap(leavesOf);
  return node.type === "without" || node.type === "boosted" ? leavesOf(node.node) : [];
}

/** @param {Node} node @returns {Node[]} */
export function walk(node) {
  const below = "children" in node ? node.children
    : node.type === "without" ? [node.node, node.excluded]
    : node.type === "boosted" ? [node.node] : [];
  return [node, ...below.flatMap(walk)];
}

/** Nodes, each once. @template {Node} T @param {T[]} nodes @returns {T[]} */
export function once(nodes) {
  return [...new Map(nodes.map((node) => [keyOf(node), node])).values()];
}

/** @param {Node[]} nodes @returns {Node} */
function allOf(nodes) {
  const each = once(nodes);
  return each.length === 1 ? each[0] : { type: "and", children: each };
}

/** @param {Node[]} nodes @returns {Node} */
function anyOf(nodes) {
  const each = once(nodes);
  return each.length === 1 ? each[0] : { type: "or", children: each, minimum: 1, share: 0 };
}

export class Lowering {
  /** @param {IndonesianAnalyzer} analyzer @param {Names} names @param {(leaves: (Term | Phrase | Quoted)[]) => Leaf[]} expand @param {Map<string, (Term | Phrase)[]>} apart by what words begin with */
  constructor(analyzer, names, expand, apart = new Map()) {
    this.analyzer = analyzer;
    this.apart = apart;
    this.names = names;
    this.expand = expand;
    this.relaxed = false;
    this.titles = true; // whether those beside a name need not match
  }

  /** What a tree means; with `relaxed` one word of a list is enough. @param {Syntax} syntax @returns {Node} */
  lower(syntax, relaxed = false) {
    this.relaxed = relaxed;
    const node = namedOnly(this.node(syntax, []) ?? { type: "none" });
    const found = once(walk(node).filter(({ type }) => LEAVES.includes(type) || CONDITIONS.includes(type)));
    const bare = found.map(bareOf);
    const inPhrases = bare.reduce((sum, leaf) => sum + (leaf.type === "phrase" ? leaf.terms.length : 0), 0);
    const patterns = bare.filter(({ type }) => type === "prefix").length;
    if (found.length > MOST_TERMS || inPhrases > MOST_PHRASE_WORDS || patterns > MOST_PATTERNS) {
      throw new QueryError("too many words");
    }
    return node;
  }

  /** @param {Syntax} node @param {string[]} within @returns {Node | null} */
  node(node, within) {
    switch (node.type) {
      case "all":
        return EVERYTHING;
      case "dates":
        return dates(node.low, node.high);
      case "field":
        if (KEYWORD_NAMES.includes(node.name)) return this.hasValue(node.name, node.node);
        if (node.node.type === "all") return { type: "has", fields: TEXT_FIELDS[node.name] };
        return this.changed({ titles: false }, () => this.node(node.node, TEXT_FIELDS[node.name]));
      case "boosted": {
        const child = this.node(node.node, within);
        return child && (CONDITIONS.includes(child.type) ? child : { type: "boosted", node: child, factor: node.factor });
      }
      case "not": {
        const excluded = this.unrelaxed(node.node, within);
        return excluded && { type: "without", node: EVERYTHING, excluded };
      }
      case "and":
        return this.and(node.children, within);
      case "or": {
        const found = this.each(node.children, within);
        return found.length ? anyOf(found) : null;
      }
      case "words":
        return this.words(node.children, within);
    }
    return this.words([node], within);
  }

  /** @param {Syntax[]} children @param {string[]} within @returns {Node[]} */
  each(children, within) {
    return /** @type {Node[]} */ (children.map((child) => this.node(child, within)).filter(Boolean));
  }

  /** @param {Syntax} node @param {string[]} within */
  unrelaxed(node, within) {
    return this.changed({ relaxed: false }, () => this.node(node, within));
  }

  /** What is found with other settings. @template T @param {{ relaxed?: boolean, titles?: boolean }} settings @param {() => T} find @returns {T} */
  changed(settings, find) {
    const { relaxed, titles } = this;
    Object.assign(this, settings);
    const found = find();
    Object.assign(this, { relaxed, titles });
    return found;
  }

  /** @param {Syntax[]} children @param {string[]} within @returns {Node | null} */
  and(children, within) {
    const excluded = this.excluded(children, within);
    const positive = this.each(children.filter(({ type }) => type !== "not"), within);
    if (!positive.length && !excluded.length) return null;
    return excluding(positive.length ? allOf(positive) : EVERYTHING, excluded);
  }

  /** @param {Syntax[]} children @param {string[]} within @returns {Node[]} */
  excluded(children, within) {
    const negations = children.flatMap((child) => (child.type === "not" ? [child.node] : []));
    return /** @type {Node[]} */ (negations.map((node) => this.unrelaxed(node, within)).filter(Boolean));
  }

  /** What a list comes to: its words, its conditions, less its NOTs. @param {Syntax[]} children @param {string[]} within @returns {Node | null} */
  words(children, within) {
    const excluded = this.excluded(children, within);
    const plus = children.flatMap((child) => (child.type === "required" ? [child.node] : []));
    const [others, titles] = this.withoutTitles(children.filter(({ type }) => type !== "required" && type !== "not"));
    const must = this.sideBySide(plus, within);
    const should = this.sideBySide(others, within);
    if (!must.length && !should.length && !excluded.length) return null;
    let parts = [...must, ...should].filter(isCondition);
    const [mustWords, shouldWords] = [must, should].map((nodes) => nodes.filter((node) => !isCondition(node)));
    if (mustWords.length || shouldWords.length) parts.unshift(this.rankedList(mustWords, shouldWords));
    const known = new Set([...mustWords, ...shouldWords].map(keyOf));
    const beside = this.sideBySide(titles, within).filter((node) => !known.has(keyOf(node)));
    if (beside.length) {
      parts.splice(1, 0, { type: "boosted", node: { type: "or", children: beside, minimum: 0, share: 0 }, factor: TITLE_WORTH });
    }
    parts = parts.filter(({ type }) => type !== "all");
    return excluding(parts.length ? allOf(parts) : EVERYTHING, excluded);
  }

  /** The nodes without the titles beside a name, and these. @param {Syntax[]} nodes @returns {[Syntax[], Syntax[]]} */
  withoutTitles(nodes) {
    /** @type {[Syntax[], Syntax[]]} */
    const parted = [[], []];
    for (let at = 0; at < nodes.length; ) {
      const run = [];
      for (let node = nodes[at]; node?.type === "word" && !node.exact; node = nodes[at]) {
        run.push(node);
        at += 1;
      }
      const titles = this.titles ? titlesAmong(run.map(({ text }) => text), this.names.titles, this.analyzer) : new Set();
      run.forEach((node, place) => parted[titles.has(place) ? 1 : 0].push(node));
      if (!run.length) parted[0].push(nodes[at++]);
    }
    return parted;
  }

  /** How many of the words side by side must match. @param {Node[]} required @param {Node[]} others @returns {Node} */
  rankedList(required, others) {
    const { stopWords, questionWords } = this.analyzer.lexicon;
    const must = once(required);
    const keys = new Set(must.map(keyOf));
    others = once(others).filter((node) => !keys.has(keyOf(node)));
    const question = others.some((node) => isOneOf(questionWords, node) && isOneOf(stopWords, node));
    const telling = others.filter((node) => !isOneOf(stopWords, node));
    others = telling.length ? telling : must.length ? [] : others;
    if (must.length + others.length <= MOST_ALL_REQUIRED && !question && !this.relaxed) {
      return allOf([...must, ...others]);
    }
    if (others.length <= 1 && !must.length) return allOf(others);
    const [minimum, share] = must.length ? [0, 0] : [1, this.relaxed ? 0 : REQUIRED_SHARE];
    return allOf([...must, ...(others.length ? [/** @type {Node} */ ({ type: "or", children: others, minimum, share })] : [])]);
  }

  /** What is to be looked up for each, in order, without what comes twice. @param {Syntax[]} nodes @param {string[]} within @returns {Node[]} */
  sideBySide(nodes, within) {
    /** @type {Node[]} */
    const found = [];
    for (let at = 0; at < nodes.length; ) {
      const run = [];
      while (at < nodes.length && isPlain(nodes[at])) run.push(nodes[at++]);
      if (run.length) {
        found.push(...this.expand(run.flatMap((node) => this.given(node))).map((leaf) => inFields(leaf, within)));
        continue;
      }
      const node = nodes[at++];
      if (node.type === "word" || node.type === "phrase") {
        found.push(...this.leaves(node).map((leaf) => inFields(leaf, within)));
      } else if (node.type === "prefix") {
        const form = beginning(node.text, this.analyzer);
        if ([...form].some(isAlnum)) found.push(inFields({ type: "prefix", form, also: this.also(form) }, within));
      } else {
        const child = this.node(node, within);
        if (child) found.push(child);
      }
    }
    return once(found);
  }

  /** Words that are spelled so, but that the index has by other forms. @param {string} start @returns {(Term | Phrase)[]} */
  also(start) {
    const ways = [...this.analyzer.respelled]
      .filter(([spelling, forms]) => spelling.startsWith(start) && !forms.some((form) => form.startsWith(start)))
      .map(([, forms]) => forms)
      .slice(0, MOST_BESIDE);
    // What stands before a hyphen or a full stop may be a word by itself.
    const [before, ...others] = /[-.,]$/.test(start) ? this.analyzer.analyze(start) : [];
    if (before && !others.length) {
      ways.push([before.form], ...[this.analyzer.respelled.get(before.form)].filter((forms) => forms !== undefined));
    }
    const known = ways.map(spelled);
    const keys = new Set(known.map(keyOf));
    const apart = (this.apart.get(start) ?? []).filter((way) => !keys.has(keyOf(way)));
    return [...known, ...apart.slice(0, MOST_BESIDE)];
  }

  /** What is given to be expanded. @param {Syntax} node @returns {(Term | Phrase | Quoted)[]} */
  given(node) {
    const leaves = this.leaves(node);
    return node.type === "phrase" ? leaves.map((leaf) => ({ type: "quoted", leaf })) : leaves;
  }

  /** @param {Syntax} node @returns {(Term | Phrase)[]} */
  leaves(node) {
    if (node.type === "word") return wordsJoined(node.text, this.analyzer.analyze(node.text), node.exact);
    if (node.type !== "phrase") return [];
    const terms = this.analyzer.analyze(node.text).map(({ term, form }) => termOf(term, form, node.exact));
    if (terms.length < 2) return terms;
    return [phraseOf(terms, node.slop, node.exact)];
  }

  /** The condition that a field has the values of a node. @param {string} field @param {Syntax} node @returns {Node | null} */
  hasValue(field, node) {
    if (node.type === "word" || node.type === "phrase") {
      let value = foldValue(node.text);
      if (field === "kind" && Object.hasOwn(this.names.kinds, value)) value = this.names.kinds[value];
      return value ? { type: "value", field, value } : null;
    }
    if (node.type === "not") {
      const excluded = this.hasValue(field, node.node);
      return excluded && { type: "without", node: EVERYTHING, excluded };
    }
    if (node.type === "boosted" || node.type === "required") return this.hasValue(field, node.node);
    if ("children" in node) {
      const values = /** @type {Node[]} */ (node.children.map((child) => this.hasValue(field, child)).filter(Boolean));
      if (!values.length) return null;
      if (node.type !== "words") return node.type === "and" ? allOf(values) : anyOf(values);
      const [excluded, wanted] = [true, false].map((without) => values.filter((each) => (each.type === "without") === without));
      return allOf(wanted.length ? [anyOf(wanted), ...excluded] : excluded);
    }
    return node.type === "all" ? { type: "has", fields: [field] } : EVERYTHING;
  }
}

/** @param {string} term @param {string} form @param {boolean} exact @returns {Term} */
export const termOf = (term, form, exact = false) => ({ type: "term", term, form, exact });

/** @param {Term[]} terms @param {number} slop @param {boolean} exact @returns {Phrase} */
export const phraseOf = (terms, slop = 0, exact = false) =>
  ({ type: "phrase", terms: terms.map((term) => ({ ...term, exact: false })), slop, exact });

/** The words of one typed word: halves of a compound and parts of a date are a phrase. @param {string} text @param {import("../analysis/indonesian.js").Token[]} tokens @param {boolean} exact @returns {(Term | Phrase)[]} */
function wordsJoined(text, tokens, exact) {
  /** @type {Term[][]} */
  const runs = [];
  let end = 0;
  for (const token of tokens) {
    const gap = text.slice(end, token.start);
    const inside = gap === "" || (gap.length === 1 && DATE_SIGNS.includes(gap) && isDigit(text[end - 1] ?? ""));
    const term = termOf(token.term, token.form, exact);
    if (runs.length && inside) runs[runs.length - 1].push(term);
    else runs.push([term]);
    end = token.end;
  }
  return runs.map((run) => (run.length === 1 ? run[0] : phraseOf(run, 0, exact)));
}

/** What a word begins with, folded, and without the hyphen of a code: see searchkit/query/spelled.py. @param {string} text @param {IndonesianAnalyzer} analyzer */
export function beginning(text, analyzer) {
  const form = fold(text).replace(/[*?]/g, "");
  if (AMOUNT.test(form)) return form.replace(THOUSANDS, "").replace(POINT, ",");
  if (form.replace(/^-+|-+$/g, "").includes("-") && [...form].some(isDigit)) {
    const tokens = analyzer.analyze(form);
    const code = form.replaceAll("-", "");
    if (tokens.length === 1 && tokens[0].form === code) return strip(code);
  }
  return strip(form);
}

/** What is to be looked up for a word of these forms. @param {string[]} forms @returns {Term | Phrase} */
export function spelled(forms) {
  const terms = forms.map((form) => termOf(form, form, true));
  return terms.length === 1 ? terms[0] : phraseOf(terms, 0, true);
}

/** @param {string} form */
const strip = (form) => form.replace(/^[^\p{L}\p{N}_]+/u, "");

/** @param {Syntax} node */
const isPlain = (node) => (node.type === "word" || node.type === "phrase") && !node.exact;

/** Whether no word in it scores. @param {Node} node */
const isCondition = (node) => !leavesOf(node).length;

/** @param {Leaf} leaf @param {string[]} within @returns {Leaf} */
const inFields = (leaf, within) => (within.length ? { type: "in", leaf, fields: within } : leaf);

/** @param {Set<string>} words @param {Node} node @returns {boolean} */
function isOneOf(words, node) {
  if (node.type === "in") return isOneOf(words, node.leaf);
  return node.type === "term" && !node.exact && words.has(node.form);
}

/** @param {Node} node @returns {Node} */
function bareOf(node) {
  if (node.type === "in") return bareOf(node.leaf);
  return node.type === "synonyms" ? node.members[0].node : node;
}

/** @param {Node} node @param {Node[]} excluded @returns {Node} */
const excluding = (node, excluded) => (excluded.length ? { type: "without", node, excluded: anyOf(excluded) } : node);

/** Seconds of days as they are in Jakarta. @param {string} low @param {string} high @returns {Node} */
export function dates(low, high) {
  return { type: "dates", start: low ? firstSecond(low, 0) : null, end: high ? firstSecond(high, 1) : null };
}

/** When a day, month or year begins, or the one after it. @param {string} text @param {number} after */
function firstSecond(text, after) {
  const parts = text.split("-").map(Number);
  parts[parts.length - 1] += after;
  const [year, month = 1, day = 1] = parts;
  const made = new Date(0);
  made.setUTCFullYear(year, month - 1, day);
  return made.getTime() / 1000 - JAKARTA;
}
