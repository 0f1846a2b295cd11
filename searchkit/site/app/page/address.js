// What is asked of the page: read from its address, and written back into links.

export const PAGE_SIZE = 10;
/** The facets of each kind of hit. @type {Record<string, string[]>} */
export const FACETS = { article: ["section", "month", "source", "reporter"], item: ["list", "month", "source"] };
const FIELDS = ["section", "month", "source", "reporter", "list"];
const SORTS = ["relevance", "newest", "oldest"];

/**
 * @typedef {{ text: string, kind: "article" | "item", values: Record<string, string[]>, since: string, until: string,
 *   sort: string, page: number, lang: string, doc: string }} PageQuery
 */

/** @param {string} search @returns {PageQuery} */
export function readAddress(search) {
  const given = new URLSearchParams(search);
  const last = (/** @type {string} */ name) => given.getAll(name).at(-1)?.trim() ?? "";
  const values = FIELDS.map((field) => [field, [...new Set(given.getAll(field).filter((value) => value.trim()))]]);
  const page = Number(last("page") || 1);
  return {
    text: last("q"),
    kind: last("kind") === "item" ? "item" : "article",
    values: Object.fromEntries(values.filter(([, chosen]) => chosen.length)),
    since: daysOf(last("since"))?.[0] ?? last("since"),
    until: daysOf(last("until"))?.[1] ?? last("until"),
    sort: SORTS.includes(last("sort")) ? last("sort") : "",
    page: Number.isInteger(page) && page > 0 ? page : 1,
    lang: ["id", "en"].includes(last("lang")) ? last("lang") : "",
    doc: last("doc"),
  };
}

/** The first and the last day of a day, month or year; null for what is none. @param {string} text @returns {[string, string] | null} */
function daysOf(text) {
  if (!/^\d{4}(-\d\d?){0,2}$/.test(text)) return null;
  const [year, ...rest] = text.split("-").map(Number);
  const [month = 1, day = 1] = rest;
  const on = (/** @type {number} */ m, /** @type {number} */ d) => new Date(new Date(0).setUTCFullYear(year, m - 1, d));
  const first = on(month, day);
  if (!year || first.getUTCMonth() + 1 !== month || first.getUTCDate() !== day) return null;
  const last = [on(12, 31), on(month + 1, 0), first][rest.length];
  return [first.toISOString().slice(0, 10), last.toISOString().slice(0, 10)];
}

/** Why there cannot be such days: a message and what it names; null if there can. @param {PageQuery} query @returns {[string, Record<string, string>?] | null} */
export function wrongDays({ since, until }) {
  const text = [since, until].find((each) => each && !daysOf(each));
  if (text) return ["error_date", { text: text.slice(0, 80) }];
  return since && until && since > until ? ["error_dates"] : null;
}

/** The address that asks for a query with changes, from its first page unless one is named. @param {PageQuery} query @param {Partial<PageQuery>} [changes] */
export function addressOf(query, changes = {}) {
  const { text, kind, values, since, until, sort, page, lang, doc } = { ...query, page: 1, doc: "", ...changes };
  /** @type {[string, string][]} */
  const said = [
    ["q", text], ["kind", kind === "item" ? "item" : ""],
    ...Object.entries(values).flatMap(([field, chosen]) => chosen.map((value) => /** @type {[string, string]} */ ([field, value]))),
    ["since", since], ["until", until], ["sort", sort], ["lang", lang], ["page", page > 1 ? String(page) : ""], ["doc", doc],
  ];
  const parameters = new URLSearchParams(said.filter(([, value]) => value));
  return String(parameters) ? `?${parameters}` : "./";
}

/** The order of hits: without words there is no relevance, so the newest come first. @param {PageQuery} query @returns {any} */
export const orderOf = ({ sort, text }) => sort || (text ? "relevance" : "newest");

/** @param {PageQuery} query */
export const isNarrowed = ({ values, since, until }) => Boolean(Object.keys(values).length || since || until);

/** Whether nothing is asked for, as on the front page. @param {PageQuery} query */
export const isBlank = (query) => !(query.text || isNarrowed(query) || query.sort || query.page > 1);

/** Those values chosen that this kind of hit has. @param {PageQuery} query @param {string} [kind] */
export function valuesOf({ values, kind: own }, kind = own) {
  return Object.fromEntries(Object.entries(values).filter(([field]) => FACETS[kind].includes(field)));
}
