// How Indonesian builds words: see searchkit/analysis/morphology.py, of which this is a translation.

const PARTICLES = ["lah", "kah", "tah", "pun"];
export const POSSESSIVES = ["nya", "ku", "mu"];
const SUFFIXES = ["kan", "an", "i"];
const VOWELS = "aeiou";
const SONORANTS = "lrwymn";
const KEPT_AFTER_M = "bfv";
const AFTER_M = "bfvp";
const AFTER_N = "djczts";
const AFTER_NG = "ghqkx";
const SHORTEST_ROOT = 2;
const SHORTEST_SLIP = 7;
const LONGEST = 2;
const BEFORE_R = /^(?:r[aeiou]|[^aeiou]er[^aeiou])/;

// What may stand inside a prefix, and which suffixes then close the word ("-" for none).
const INNER = new Map(
  `|- kan i an
di|- kan i
di per|- kan i
di ber|kan
di ke|kan i
di se|kan i
meN|- kan i
meN per|- kan i
meN ber|kan
meN ke|kan i
meN se|kan i
peN|- an
peN ber|an
peN per|- an
peN ke|an
peN se|an
per|- an kan i
per ke|an
per se|an
ber|- an kan
ber ke|an
ber peN|- an
ber per|- an
ter|- kan i
ter per|- kan
ter ke|-
ke|- an kan i
ke ber|an
ke se|an
ke ter|an
ke peN|an
ke per|an
se|- an
se ke|an
se peN|an
se per|an
ku|- kan i
kau|- kan i`
    .split("\n")
    .map((line) => {
      const [prefixes, suffixes] = line.split("|");
      return [prefixes, new Set(suffixes.split(" ").map((suffix) => (suffix === "-" ? "" : suffix)))];
    }),
);
const BEGINNINGS = new Set([...INNER.keys()].flatMap((chain) => [chain, chain.split(" ")[0]]));
const PREFIXED = new Set(["di", "se", "ke", "ku", "ka", "be", "te", "pe", "me"]);
const CLITICS = ["", ...PARTICLES].flatMap((particle) =>
  ["", ...POSSESSIVES]
    .filter((possessive) => possessive || particle)
    .map((possessive) => ({
      ending: possessive + particle,
      clitics: [possessive, particle].filter(Boolean),
    })),
);

/**
 * One way to take a word apart; `prefixes` outermost first, a blank apart.
 * @typedef {object} Analysis
 * @property {string} prefixes
 * @property {string[]} chain the prefixes one by one
 * @property {string} root
 * @property {string} suffix
 * @property {string[]} clitics
 * @property {boolean} regular
 */

/**
 * Every analysis of a folded word with at least one affix; roots may not exist.
 * @param {string} word
 * @returns {Generator<Analysis>}
 */
export function* analyses(word) {
  for (const [core, clitics] of withoutClitics(word)) {
    if (clitics.length) yield analysis([], core, "", clitics, true);
    for (const [inner, suffix, spelled] of withoutSuffix(core)) {
      for (const [prefixes, root, regular] of withoutPrefixes(inner, [], spelled)) {
        const allowed = INNER.get(prefixes.join(" "));
        if ((prefixes.length || suffix) && allowed?.has(suffix)) {
          yield analysis(prefixes, root, suffix, clitics, regular);
        }
      }
    }
  }
}

/** @param {string[]} chain @param {string} root @param {string} suffix @param {string[]} clitics @param {boolean} regular @returns {Analysis} */
const analysis = (chain, root, suffix, clitics, regular) =>
  ({ prefixes: chain.join(" "), chain, root, suffix, clitics, regular });

/** @param {string} word @returns {Generator<[string, string[]]>} */
function* withoutClitics(word) {
  yield [word, []];
  for (const { ending, clitics } of CLITICS) {
    if (word.endsWith(ending) && word.length - ending.length > SHORTEST_ROOT) {
      yield [word.slice(0, -ending.length), clitics];
    }
  }
}

/** @param {string} word @returns {Generator<[string, string, boolean]>} */
function* withoutSuffix(word) {
  yield [word, "", true];
  for (const suffix of SUFFIXES) {
    if (word.endsWith(suffix) && word.length - suffix.length >= SHORTEST_ROOT) {
      yield [word.slice(0, -suffix.length), suffix, true];
    }
  }
  // menunjukan, a common slip for menunjukkan
  if (word.endsWith("kan") && word.length > SHORTEST_SLIP) yield [word.slice(0, -2), "kan", false];
}

/** @param {string} word @param {string[]} taken @param {boolean} regular @returns {Generator<[string[], string, boolean]>} */
function* withoutPrefixes(word, taken, regular) {
  yield [taken, word, regular];
  if (taken.length === LONGEST || !PREFIXED.has(word.slice(0, 2))) return;
  for (const [prefix, rest, native] of withoutPrefix(word)) {
    const chain = [...taken, prefix];
    if (BEGINNINGS.has(chain.join(" ")) && rest.length >= SHORTEST_ROOT) {
      yield* withoutPrefixes(rest, chain, regular && native);
    }
  }
}

/** @param {string} word @returns {Generator<[string, string, boolean]>} */
function* withoutPrefix(word) {
  for (const prefix of ["di", "se", "ke", "ku", "kau"]) {
    if (word.startsWith(prefix)) yield [prefix, word.slice(prefix.length), true];
  }
  for (const prefix of ["ber", "ter", "per"]) {
    if (word.startsWith(prefix)) yield [prefix, word.slice(3), true];
    const short = word.slice(2);
    if (word.startsWith(prefix.slice(0, 2)) && BEFORE_R.test(short)) yield [prefix, short, true];
    if (word.startsWith(`${prefix.slice(0, 2)}lajar`)) yield [prefix, word.slice(3), true];
  }
  if (word.startsWith("pe")) yield ["peN", word.slice(2), has("lrwymn", word.slice(2, 3), true)];
  if (word.startsWith("me") || word.startsWith("pe")) {
    for (const [rest, native] of withoutNasal(word.slice(2))) yield [`${word[0]}eN`, rest, native];
  }
  if (word.startsWith("pemer")) yield ["peN", `p${word.slice(3)}`, true];
}

/** Whether a letter is one of some; an empty text is if `empty`. @param {string} letters @param {string} letter */
const has = (letters, letter, empty = false) => (letter ? letters.includes(letter) : empty);

/** @param {string} rest @returns {Generator<[string, boolean]>} */
function* withoutNasal(rest) {
  if (has(SONORANTS, rest.slice(0, 1))) yield [rest, true];
  if (rest.startsWith("ny") && has(VOWELS, rest.slice(2, 3))) {
    yield [`s${rest.slice(2)}`, true];
  } else if (rest.startsWith("ng")) {
    yield* withoutNg(rest.slice(2));
  } else if (rest.startsWith("n")) {
    const root = rest.slice(1);
    if (has(VOWELS, root.slice(0, 1))) yield [`t${root}`, true];
    else if (has(AFTER_N, root.slice(0, 1))) {
      yield [root, "djcz".includes(root[0]) || /^(?:sy|tr|st|sp|sk)/.test(root)];
    }
  } else if (rest.startsWith("m")) {
    const root = rest.slice(1);
    if (has(VOWELS, root.slice(0, 1))) yield [`p${root}`, true];
    else if (has(AFTER_M, root.slice(0, 1))) yield [root, root[0] !== "p" || /^(?:pr|pl|per)/.test(root)];
  }
}

/** @param {string} root @returns {Generator<[string, boolean]>} */
function* withoutNg(root) {
  if (has(VOWELS, root.slice(0, 1))) {
    yield [root, true];
    yield [`k${root}`, true];
    if (root[0] === "e" && syllables(root.slice(1)) === 1) yield [root.slice(1), true];
  } else if (has(AFTER_NG, root.slice(0, 1))) {
    yield [root, root[0] !== "k" || /^(?:kh|kr|kl|ke)/.test(root)];
  }
}

/** The number of vowels and diphthongs in a word. @param {string} word */
export const syllables = (word) => word.match(/ai|au|oi|[aeiou]/g)?.length ?? 0;

/** A root after "me" or "pe" with the nasal that belongs there. @param {string} prefix @param {string} root */
export function nasalized(prefix, root) {
  const first = root.slice(0, 1);
  const cluster = !has(VOWELS, root.slice(1, 2));
  if (syllables(root) === 1) return `${prefix}nge${root}`;
  if (has(SONORANTS, first)) return prefix + root;
  if (has(KEPT_AFTER_M, first) || (first === "p" && cluster)) return `${prefix}m${root}`;
  if (first === "p") return `${prefix}m${root.slice(1)}`;
  if (first === "s" && !cluster) return `${prefix}ny${root.slice(1)}`;
  if (first === "t" && !cluster) return `${prefix}n${root.slice(1)}`;
  if (has(AFTER_N, first)) return `${prefix}n${root}`;
  if (first === "k" && !cluster) return `${prefix}ng${root.slice(1)}`;
  return `${prefix}ng${root}`;
}

/** The transitive verbs that a root may form. @param {string} root */
export function verbs(root) {
  return [nasalized("me", root), `di${root}`, `memper${root}`, `diper${root}`].flatMap((before) =>
    ["", "kan", "i"].map((suffix) => before + suffix),
  );
}

/** The words that a root may form, without clitics. @param {string} root */
export function derivatives(root) {
  const agent = nasalized("pe", root);
  return [
    ...verbs(root),
    `ber${root}`, `ber${root}an`, `ter${root}`, `${root}an`, agent, `${agent}an`,
    `ke${root}an`, `per${root}an`, `pe${root}`, `se${root}`, `be${root}`, `te${root}`,
  ];
}
