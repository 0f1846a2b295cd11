// What a query excludes: what was named, and not what it asks for; see searchkit/query/excluding.py.

import { isLeaf, leavesOf, walk } from "./lowering.js";

/** @typedef {import("./lowering.js").Node} Node */
/** @typedef {import("./lowering.js").Leaf} Leaf */
/** @typedef {import("./lowering.js").Term} Term */
/** @typedef {import("./lowering.js").Phrase} Phrase */

const RARER_MEANING = 0.3;

/** A node with what it excludes cut down to what was named. @param {Node} node @returns {Node} */
export function namedOnly(node) {
  if (!walk(node).some(({ type }) => type === "without")) return node;
  return cut(node, leavesOf(node).flatMap(typedTerms), false);
}

/** @param {Node} node @param {Term[]} asked @param {boolean} excluded @returns {Node} */
function cut(node, asked, excluded) {
  if ("children" in node) return { ...node, children: node.children.map((child) => cut(child, asked, excluded)) };
  if (node.type === "without") return { ...node, node: cut(node.node, asked, excluded), excluded: cut(node.excluded, asked, true) };
  if (node.type === "boosted") return { ...node, node: cut(node.node, asked, excluded) };
  if (!excluded || !isLeaf(node)) return node;
  if (node.type === "in") return { ...node, leaf: named(node.leaf, asked) };
  return spelled(named(/** @type {Leaf} */ (node), asked), asked);
}

/** A leaf with only those other ways to say it that are names. @param {Leaf} leaf @param {Term[]} asked @returns {Leaf} */
function named(leaf, asked) {
  if (leaf.type !== "synonyms") return leaf;
  const words = new Set(asked.map(({ term }) => term));
  const [typed, ...others] = leaf.members;
  const names = others.filter(({ node, rule, weight }) =>
    rule !== "synonym" && weight > RARER_MEANING && !termsOf(node).every(({ term }) => words.has(term)));
  return names.length ? { ...leaf, members: [typed, ...names] } : typed.node;
}

/** A leaf as it is spelled, when another word of its stem is asked for. @param {Leaf} leaf @param {Term[]} asked @returns {Leaf} */
function spelled(leaf, asked) {
  const typed = leaf.type === "synonyms" ? leaf.members[0].node : leaf;
  if (typed.type !== "term" || typed.exact) return leaf;
  return asked.some(({ term, form }) => term === typed.term && form !== typed.form) ? { ...typed, exact: true } : leaf;
}

/** @param {Leaf} leaf @returns {Term[]} */
function typedTerms(leaf) {
  if (leaf.type === "in") return typedTerms(leaf.leaf);
  if (leaf.type === "synonyms") return termsOf(leaf.members[0].node);
  return leaf.type === "term" || leaf.type === "phrase" ? termsOf(leaf) : [];
}

/** @param {Term | Phrase} node */
const termsOf = (node) => (node.type === "phrase" ? node.terms : [node]);
