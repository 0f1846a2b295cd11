// Stems by arbitration: see searchkit/analysis/arbitration.py, of which this is a translation.

import { analyses, derivatives, nasalized, syllables, verbs } from "./morphology.js";

/** @typedef {import("./morphology.js").Analysis} Analysis */
/** @typedef {import("./lexicon.js").Lexicon} Lexicon */
/** @typedef {{ stem: string, doubtful: boolean }} Verdict */

// The weights and their reasons stand in the original.
const ROOT = 1.0;
const FOREIGN_ROOT = -0.5;
const FAMILY = 0.6;
const NO_FAMILY = -1.0;
const BOUND_ROOT = 1.0;
const COUNTERPART = 1.0;
const BARE_VERB = 6.0;
const NO_COUNTERPART = -3.0;
const NO_COUNTERPART_IN_FULL = -1.5;
const DICTIONARY = 2.5;
const BOUND_ROOT_ALONE = -0.5;
const ESTRANGED = -4.0;
const ESTRANGED_FROM = 1.3;
const LEAST_KNOWN = 3.0;
const OPAQUE = -1.5;
const IRREGULAR = -1.0;
const SLIP = -2.0;
const ONE_SYLLABLE = 2.0;
const INNER_PREFIX = -0.5;
/** @type {Record<number, number>} */
const SHORT_ROOT = { 1: -5.0, 2: -3.0, 3: -0.7 };
const ODD_SE = -5.0;
const RARER = 0.5;
const LEAST_COMMON_ROOT = 3.0;
const DOUBTFUL = 3.0;
/** @type {Record<string, number>} */
const PATTERN = {
  "+kan": -2.0, "+i": -2.5, "+an": -1.5, "ku+": -3.0, "kau+": -3.0, "ke+": -3.0, "ke+kan": -3.0, "ke+i": -3.0,
  "per+": -2.0, "peN+": -1.0, "se+": -1.0, "se+an": -3.0,
};
const USUAL_PATTERN = -0.5;
/** @type {Record<string, number>} */
const CLITIC = { nya: -0.5, lah: -1.0, kah: -1.0, pun: -1.0, ku: -1.5, mu: -1.5, tah: -3.0 };
const NEEDY = ["", "ku", "kau", "ter", "peN", "ke", "per", "se"];
const BARE = ["", "ku", "kau"];
const NUMERALS = [
  "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas",
];

export class Arbiter {
  /** @param {Lexicon} lexicon */
  constructor(lexicon) {
    this.lexicon = lexicon;
    /** @type {Map<string, Set<string>>} */
    this.families = new Map();
    /** @type {Map<string, Verdict>} */
    this.verdicts = new Map();
  }

  /** The verdict on a folded word. @param {string} word @returns {Verdict} */
  verdict(word) {
    let verdict = this.verdicts.get(word);
    if (!verdict) {
      verdict = this.arbitrate(word);
      this.verdicts.set(word, verdict);
    }
    return verdict;
  }

  /** @param {string} word @returns {Verdict} */
  arbitrate(word) {
    const functionWord = this.lexicon.functionWords.get(word);
    if (functionWord) return { stem: functionWord, doubtful: false };
    if (this.stays(word)) return { stem: word, doubtful: false };
    const alone = this.lexicon.zipf(word) + OPAQUE;
    /** @type {Analysis | null} */
    let best = null;
    let bestScore = alone;
    for (const analysis of this.candidates(word)) {
      const score = this.score(word, analysis);
      if (score > bestScore) [best, bestScore] = [analysis, score];
    }
    const named = this.lexicon.names.has(word);
    if (named && !(best && this.isOrdinary(word, best))) return { stem: word, doubtful: false };
    if (!best) {
      const inside = this.derivedInside(word);
      const stem = inside ? this.verdict(inside).stem : word;
      return { stem, doubtful: inside !== "" && !this.lexicon.exists(word) };
    }
    if (named || this.lexicon.derivations.has(word)) return { stem: best.root, doubtful: named };
    const weak = !this.lexicon.exists(word) || bestScore - alone < DOUBTFUL || this.isNoCommand(best);
    return { stem: best.root, doubtful: weak && !isGrammar(best) };
  }

  /** Whether per- is all there is, and no verb has it. @param {Analysis} analysis */
  isNoCommand({ chain, root, suffix, clitics }) {
    if (chain.join() !== "per" || suffix || clitics.length) return false;
    return !["mem", "di"].some((prefix) => this.lexicon.exists(`${prefix}per${root}`));
  }

  /** The derived word that an affix stands before, or "". @param {string} word @returns {string} */
  derivedInside(word) {
    const { zipf, functionWords } = this.lexicon;
    const common = zipf.bind(this.lexicon);
    let found = "";
    for (const { prefixes, root } of analyses(word)) {
      if (!prefixes || SHORT_ROOT[root.length] || common(root) < LEAST_COMMON_ROOT) continue;
      if (common(root) <= Math.max(common(word), common(found)) || functionWords.has(root)) continue;
      if (this.verdict(root).stem !== root) found = root;
    }
    return found;
  }

  /** Whether a name is an ordinary word too. @param {string} word @param {Analysis} analysis */
  isOrdinary(word, { prefixes, root, suffix, clitics }) {
    if (this.lexicon.derivations.has(word)) return true;
    if (!["", "di"].includes(prefixes) || clitics.length || SHORT_ROOT[root.length]) return false;
    const found = counterparts(prefixes, root, suffix).filter((form) => form !== word);
    return found.some((form) => this.lexicon.zipf(form) > this.lexicon.zipf(word) - RARER);
  }

  /** The analyses that are possible. @param {string} word @returns {Analysis[]} */
  candidates(word) {
    const found = [...analyses(word)].filter((each) => this.mayBeRoot(each) && this.consistent(word, each));
    if (!word.startsWith("me") || found.length < 2) return found;
    /** @param {Analysis} each */
    const isActive = (each) => each.prefixes === "meN";
    const told = found.filter((each) => {
      const passive = `di${each.root}${each.suffix}`;
      return isActive(each) && this.lexicon.exists(passive) && this.verdict(passive).stem === each.root;
    });
    return told.length ? found.filter((each) => !isActive(each) || told.includes(each)) : found;
  }

  /** Whether a word is its own stem without further thought. @param {string} word */
  stays(word) {
    const { roots, stopWords, shortWords, names, derivations } = this.lexicon;
    if (roots.has(word) || stopWords.has(word) || shortWords.has(word)) return true;
    return derivations.get(word) === word || (names.has(word) && !this.lexicon.exists(word));
  }

  /** @param {string} root */
  family(root) {
    let known = this.families.get(root);
    if (!known) {
      known = new Set(derivatives(root).filter((word) => this.lexicon.frequencies.has(word)));
      for (const word of this.lexicon.derived.get(root) ?? []) known.add(word);
      this.families.set(root, known);
    }
    return known;
  }

  /** @param {string} word */
  isRoot(word) {
    const { roots, compounds, spellings, stopWords, derivations } = this.lexicon;
    if (roots.has(word) || compounds.has(word) || derivations.get(word) === word) return true;
    return roots.has(spellings.get(word) ?? "") && !stopWords.has(word);
  }

  /** @param {Analysis} analysis */
  mayBeRoot(analysis) {
    const root = analysis.root;
    if (this.isRoot(root)) return true;
    const outer = analysis.chain[0] ?? "";
    const lively = !NEEDY.includes(outer) || (outer !== "" && analysis.suffix === "an");
    if (!lively && analysis.clitics.join(" ") !== "nya" && !this.isOfVerb(analysis)) return false;
    return (
      root.length > 3 &&
      this.lexicon.zipf(root) >= LEAST_COMMON_ROOT &&
      this.verdict(root).stem === root
    );
  }

  /** Whether a verb is used whose noun or command this is. @param {Analysis} analysis */
  isOfVerb({ chain, root, suffix }) {
    if (chain.length || !suffix) return false;
    const verbs = [nasalized("me", root), `di${root}`].flatMap((verb) => [verb, verb + suffix]);
    return verbs.some((verb) => this.lexicon.zipf(verb));
  }

  /** @param {string} word @param {Analysis} analysis */
  consistent(word, analysis) {
    const core = coreOf(word, analysis);
    const { exists } = this.lexicon;
    const known = exists.bind(this.lexicon);
    if (core !== word && core !== analysis.root && known(core) && this.verdict(core).stem !== analysis.root) {
      return false;
    }
    const inner = analysis.chain.at(-1) ?? "";
    const inside = insideOf(core, analysis);
    if (inner === "per" || inner === "ke") {
      if (this.lexicon.derivations.get(core) === analysis.root) return true;
      return !(this.lexicon.derived.has(inside) && this.isRoot(inside) && this.isUsed(inside, analysis));
    }
    if (!["se", "ber", "ter", "peN"].includes(inner) || analysis.chain.length === 1) return true;
    return !known(inside) || this.verdict(inside).stem === analysis.root;
  }

  /** Whether a root with a prefix is a root in more than the dictionary. @param {string} inside @param {Analysis} analysis */
  isUsed(inside, analysis) {
    if (syllables(analysis.root) === 1) return true;
    const others = [...this.family(inside)].filter((form) => form !== `${inside}${analysis.suffix}`);
    return [inside, ...others].some((form) => this.lexicon.zipf(form));
  }

  /** @param {string} word @param {Analysis} analysis */
  score(word, analysis) {
    const { root, clitics, suffix, chain } = analysis;
    const lexicon = this.lexicon;
    const core = coreOf(word, analysis);
    let relatives = 0;
    let strongest = -Infinity;
    for (const relative of this.family(root)) {
      if (relative === word || relative === core) continue;
      relatives += 1;
      strongest = Math.max(strongest, lexicon.zipf(relative));
    }
    if (!relatives) strongest = 0;
    let score = Math.max(lexicon.zipf(root), strongest - BOUND_ROOT);
    const common = Math.max(lexicon.zipf(root), strongest, LEAST_KNOWN);
    if (lexicon.zipf(core) > common + ESTRANGED_FROM && isNominal(analysis)) {
      score += ESTRANGED;
    }
    score += this.isRoot(root) ? ROOT : FOREIGN_ROOT;
    score += FAMILY * Math.log2(1 + relatives);
    score += SHORT_ROOT[root.length] ?? 0;
    score += clitics.reduce((sum, clitic) => sum + CLITIC[clitic], 0);
    if (core === root) {
      const nyaAlone = clitics.length === 1 && clitics[0] === "nya";
      const tooCommon = !nyaAlone && lexicon.zipf(word) > lexicon.zipf(root) - 0.3;
      return score + (tooCommon ? NO_COUNTERPART : 0);
    }
    // Only a prefix or a suffix alone, and se-an, have patterns of their own.
    score += PATTERN[`${analysis.prefixes}+${suffix}`] ?? USUAL_PATTERN;
    score += INNER_PREFIX * Math.max(0, chain.length - 1);
    score += analysis.regular ? 0 : IRREGULAR;
    if (core.startsWith(`nge${root}`, 2) && syllables(root) === 1) {
      score += (lexicon.derivations.get(core) ?? root) === root ? ONE_SYLLABLE : 0;
    }
    if (suffix === "kan" && root.endsWith("k") && !core.endsWith("kkan")) score += SLIP;
    return score + this.support(core, analysis, relatives > 0);
  }

  /** What the dictionary and the counterpart of the form say. @param {string} core @param {Analysis} analysis @param {boolean} hasFamily */
  support(core, analysis, hasFamily) {
    const lexicon = this.lexicon;
    const outer = analysis.chain[0] ?? "";
    const { root, suffix } = analysis;
    if (analysis.chain.includes("se") && !suffix && lexicon.zipf(core) > lexicon.zipf(root) + 0.3) {
      return ODD_SE;
    }
    const listed = lexicon.derivations.get(core) === root;
    const dictionary = listed ? DICTIONARY : 0;
    const found = counterparts(outer, root, suffix).filter((form) => form !== core && lexicon.exists(form));
    const commonest = found.reduce((most, form) => Math.max(most, lexicon.zipf(form)), 0);
    if ((suffix === "kan" || suffix === "i") && BARE.includes(outer) && commonest > lexicon.zipf(core)) {
      return dictionary + BARE_VERB;
    }
    if (found.length || lexicon.compounds.has(root) || (outer === "ke" && NUMERALS.includes(root))) {
      return dictionary + COUNTERPART;
    }
    if (listed) return dictionary + (lexicon.zipf(root) ? 0 : BOUND_ROOT_ALONE);
    if (outer === "ter" || (outer && suffix === "an")) return NO_COUNTERPART_IN_FULL;
    if (NEEDY.includes(outer) && !(outer === "se" && lexicon.zipf(root) > 4)) return NO_COUNTERPART;
    return hasFamily ? 0 : NO_FAMILY;
  }
}

/** @param {string} word @param {Analysis} analysis */
function coreOf(word, analysis) {
  const ending = analysis.clitics.join("");
  return ending && word.endsWith(ending) ? word.slice(0, -ending.length) : word;
}

/** The root with its innermost prefix, as it is spelled in the word. @param {string} core @param {Analysis} analysis */
function insideOf(core, { chain, root, suffix }) {
  const inner = chain.at(-1) ?? "";
  if (inner === "peN" && chain.length > 1) {
    const before = core.startsWith(`${chain[0]}pe`) ? chain[0].length : 2;
    return core.slice(before, core.length - suffix.length);
  }
  const inside = inner + root;
  return core.includes(inside) ? inside : inner.slice(0, 2) + root;
}

/** @param {Analysis} analysis */
function isGrammar(analysis) {
  const verb =
    (analysis.chain[0] === "di" || analysis.chain[0] === "meN") &&
    (analysis.suffix === "kan" || analysis.suffix === "i");
  return verb || analysis.clitics.some((clitic) => ["nya", "pun", "kah"].includes(clitic));
}

/** @param {Analysis} analysis */
function isNominal(analysis) {
  if (!analysis.chain.length) return analysis.suffix === "an";
  return !analysis.suffix && ["peN", "per", "ke", "se"].includes(analysis.chain[0]);
}

/** @param {string} outer @param {string} root @param {string} suffix @returns {string[]} */
function counterparts(outer, root, suffix) {
  if (outer === "" && suffix === "an") {
    return [...verbs(root), `ke${root}an`, `ber${root}`, `pe${root}`, nasalized("pe", root)];
  }
  if (outer === "ke" && (suffix === "kan" || suffix === "i")) {
    return [`dike${root}${suffix}`, `menge${root}${suffix}`];
  }
  switch (outer) {
    case "": case "ku": case "kau":
      return [nasalized("me", root) + suffix, `di${root}${suffix}`];
    case "meN":
      return [`di${root}${suffix}`];
    case "di":
      return [nasalized("me", root) + suffix];
    case "peN":
      return [`di${root}`, `di${root}kan`, `di${root}i`, `ke${root}an`, `ber${root}`, nasalized("pe", root)];
    case "ter": case "ke":
      return [...verbs(root), `ke${root}an`, `ber${root}`];
    case "per":
      return [...verbs(root), `ber${root}`];
  }
  return [];
}
