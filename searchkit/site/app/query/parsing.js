// From what a person types to a syntax tree: see searchkit/query/parsing.py.

import { caseFold, splitBlanks } from "../analysis/text.js";
import { Scanner } from "./scanning.js";

/** @typedef {import("./scanning.js").Syntax} Syntax */
/** @typedef {import("./scanning.js").Token} Token */
/** @typedef {import("./scanning.js").Names} Names */

export const LONGEST_QUERY = 10_000;
const DEEPEST_QUERY = 30;
export const KEYWORD_NAMES = ["source", "list", "kind"];

/** A query that is beyond what can be searched for. */
export class QueryError extends Error {}

/**
 * The tree of a query, and what of it this page does not know.
 * @param {string} text @param {Names} names
 * @returns {{ node: Syntax, unknown: string[] }}
 */
export function parse(text, names) {
  if (text.length > LONGEST_QUERY) throw new QueryError("too long");
  const scanner = new Scanner(text, names);
  const parser = new Parser(text, scanner.tokens(), names);
  return { node: parser.query(), unknown: [...scanner.unknown] };
}

class Parser {
  /** @param {string} text @param {Token[]} tokens @param {Names} names */
  constructor(text, tokens, names) {
    this.text = text;
    this.tokens = tokens;
    this.names = names;
    this.at = 0;
    this.depth = 0;
  }

  /** @returns {Syntax} */
  query() {
    return bare(this.either() ?? this.operatorsAsWords() ?? { type: "all" });
  }

  operatorsAsWords() {
    const plain = this.tokens.filter(({ kind }) => kind !== "(" && kind !== ")");
    return joined("words", plain.map(({ start, end }) => ({ type: "word", text: this.text.slice(start, end), exact: false })));
  }

  kind() {
    return this.tokens[this.at]?.kind ?? "";
  }

  take() {
    this.at += 1;
    return this.tokens[this.at - 1];
  }

  /** @returns {Syntax | null} */
  either() {
    return this.chain("OR", "or", () => this.chain("AND", "and", () => this.list()));
  }

  /** @param {string} operator @param {"and" | "or"} type @param {() => Syntax | null} part @returns {Syntax | null} */
  chain(operator, type, part) {
    const nodes = [part()];
    while (this.kind() === operator) {
      this.take();
      nodes.push(part());
    }
    return joined(type, nodes.filter((node) => node !== null));
  }

  /** @returns {Syntax | null} */
  list() {
    const nodes = [];
    while (!["", "AND", "OR"].includes(this.kind())) {
      if (this.kind() === ")" && this.depth) break;
      if (this.kind() === ")" || this.kind() === "BOOST") {
        this.take();
        continue;
      }
      const node = this.element();
      if (node) nodes.push(node);
    }
    return joined("words", nodes);
  }

  /** @returns {Syntax | null} */
  element() {
    let negative = false;
    let plus = false;
    while (this.kind() === "NOT" || this.kind() === "+") {
      if (this.take().kind === "NOT") negative = !negative;
      else plus = true;
    }
    if (["", "AND", "OR", ")"].includes(this.kind())) return null;
    const node = this.boosted();
    if (!node) return null;
    if (negative) return node.type === "not" ? node.node : { type: "not", node: bare(node) };
    const isRequired = node.type === "not" || node.type === "required";
    return plus && !isRequired ? { type: "required", node } : node;
  }

  /** @returns {Syntax | null} */
  boosted() {
    let node = this.primary();
    while (this.kind() === "BOOST") {
      const factor = Math.round(this.take().value * 1000) / 1000;
      if (node) node = factor === 1 ? bare(node) : { type: "boosted", node: bare(node), factor };
    }
    return node;
  }

  /** @returns {Syntax | null} */
  primary() {
    const token = this.take();
    if (token.kind === "FIELD") {
      const node = this.primary();
      return node && this.inField(token.value, bare(node));
    }
    if (token.kind === "(") return this.group();
    return token.kind === "OPERAND" ? token.value : null;
  }

  /** @returns {Syntax | null} */
  group() {
    if (this.depth === DEEPEST_QUERY) throw new QueryError("too deep");
    this.depth += 1;
    const node = this.either();
    this.depth -= 1;
    if (this.kind() === ")") this.take();
    return node;
  }

  /** @param {string} name @param {Syntax} node @returns {Syntax} */
  inField(name, node) {
    if (!KEYWORD_NAMES.includes(name)) return { type: "field", name, node };
    const wrong = !isOfValues(node) || (name === "kind" && !this.areKinds(node));
    return wrong ? node : { type: "field", name, node };
  }

  /** @param {Syntax} node @returns {boolean} */
  areKinds(node) {
    if (node.type === "word" || node.type === "phrase") {
      return Object.hasOwn(this.names.kinds, splitBlanks(caseFold(node.text)).join(" "));
    }
    if ("children" in node) return node.children.every((child) => this.areKinds(child));
    return "node" in node ? this.areKinds(node.node) : true;
  }
}

/** @param {Syntax} node @returns {boolean} */
function isOfValues(node) {
  if (node.type === "phrase") return node.slop === 0;
  if (node.type === "word" || node.type === "all") return true;
  if ("children" in node) return node.children.every(isOfValues);
  return (node.type === "not" || node.type === "required" || node.type === "boosted") && isOfValues(node.node);
}

/** A node without a +, where that says nothing. @param {Syntax} node */
const bare = (node) => (node.type === "required" ? node.node : node);

/** @param {"words" | "and" | "or"} type @param {Syntax[]} nodes @returns {Syntax | null} */
function joined(type, nodes) {
  if (nodes.length === 1) return bare(nodes[0]);
  if (!nodes.length) return null;
  return { type, children: type === "words" ? nodes : nodes.map(bare) };
}
