// The results of a query, with the structure and the style of the search page of `searchkit serve`.

import { foldValue } from "../analysis/normalization.js";
import { addressOf, FACETS, isBlank, isNarrowed, orderOf, PAGE_SIZE, valuesOf } from "./address.js";
import { element, marked, webAddress } from "./dom.js";
import { day, monthName } from "./wording.js";

/** @typedef {import("./address.js").PageQuery} PageQuery */
/** @typedef {import("./wording.js").Say} Say */
/** @typedef {{ number: number, id: string, text: any, title: any, fragments: any[], copies: any[], article: string }} Hit */
/** @typedef {{ hits: Hit[], total: number, relaxed: boolean, unknown: string[], facets: Record<string, { value: string, count: number }[]>, ms: number }} Found */
/** @typedef {{ query: PageQuery, say: Say, language: string }} Context */

const OPEN = 8;
const AROUND = 2;

/** @param {Context} context @param {Found} found @param {Found | null} items */
export function resultsPage(context, found, items) {
  const { query, say } = context;
  const counted = say(query.kind === "item" ? "hits_item" : "hits", { count: found.total });
  return element("main", { id: "results", class: "columns", tabindex: "-1", "data-announce": counted },
    element("div", { class: "list" },
      summary(context, found, counted),
      found.hits.length ? hits(context, found.hits) : nothing(context, found),
      pages(context, found.total),
      element("p", { class: "quiet end" }, `${say("offline")} ${say("took", { ms: found.ms })}`)),
    element("div", { class: "aside" }, narrow(context, found), items && items.total ? sidebars(context, items) : null));
}

/** @param {Context} context @param {Found} found @param {string} counted */
function summary({ query, say, language }, found, counted) {
  const heading = isBlank(query) ? say("newest_articles") : query.text ? say("hits_for", { found: counted, query: query.text }) : counted;
  const choice = (/** @type {string} */ href, /** @type {string} */ label, /** @type {boolean} */ on) =>
    element("a", { href, rel: "nofollow", "aria-current": on && "true" }, label);
  const sorts = query.text ? ["relevance", "newest", "oldest"] : ["newest", "oldest"];
  return element("div", { class: "summary" },
    element("h1", {}, heading),
    found.unknown.length ? element("p", { class: "notice" }, say("not_understood", { what: found.unknown.join(", ") })) : null,
    found.relaxed ? element("p", { class: "notice" }, say("relaxed")) : null,
    chips({ query, say, language }),
    element("div", { class: "choices" },
      element("nav", { "aria-label": say("kinds") }, ["article", "item"].map((kind) =>
        choice(addressOf(query, { kind: /** @type {any} */ (kind) }), say(`kind_${kind}`), kind === query.kind))),
      element("nav", { "aria-label": say("sort") }, sorts.map((sort) =>
        choice(addressOf(query, { sort }), say(`sort_${sort}`), sort === orderOf(query))))));
}

/** @param {Context} context */
function chips({ query, say, language }) {
  const made = Object.entries(query.values).flatMap(([field, values]) =>
    values.map((value) => chip(say, field, labelOf(field, value, language), addressOf(query, { values: toggled(query, field, value) }))));
  for (const name of /** @type {("since" | "until")[]} */ (["since", "until"])) {
    if (query[name]) made.push(chip(say, name, query[name], addressOf(query, { [name]: "" })));
  }
  if (!made.length) return null;
  const clear = element("a", { class: "clear", href: addressOf(query, { values: {}, since: "", until: "" }), rel: "nofollow" }, say("clear"));
  return element("ul", { class: "chips" }, made, element("li", {}, clear));
}

/** @param {Say} say @param {string} field @param {string} value @param {string} href */
function chip(say, field, value, href) {
  return element("li", {}, element("a", { href, rel: "nofollow" },
    element("span", { class: "hidden" }, say("remove", { name: say(`facet_${field}`), value })),
    element("span", { "aria-hidden": "true" }, `${say(`facet_${field}`)}: `, element("bdi", {}, value), " ×")));
}

/** @param {Context} context @param {Hit[]} found */
function hits(context, found) {
  const { query } = context;
  return element("ol", { class: "hits", start: (query.page - 1) * PAGE_SIZE + 1 },
    found.map((hit) => (hit.text.kind === "item" ? item(context, hit) : article(context, hit))));
}

/** @param {Context} context @param {Hit} hit */
function article(context, { id, text, title, fragments, copies }) {
  const { query, say } = context;
  return element("li", { class: "hit" },
    element("h2", { dir: "auto" }, element("a", { href: addressOf(query, { doc: id, page: query.page }) }, text.headline ? marked(title) : say("untitled"))),
    facts(context, text),
    fragments.map((fragment) => element("p", { class: "fragment", dir: "auto" }, marked(fragment))),
    copies.length ? element("details", { class: "copies" },
      element("summary", {}, say("copies", { count: copies.length })),
      element("ul", {}, copies.map((copy) => element("li", {},
        element("a", { href: addressOf(query, { doc: copy.id, page: query.page }), dir: "auto" }, copy.text.headline || say("untitled")),
        " ", origin(context, copy.text))))) : null);
}

/** @param {Context} context @param {any} text */
function facts({ say, language }, text) {
  return element("p", { class: "facts" },
    text.section && element("bdi", { class: "section" }, text.section),
    text.published && element("time", { datetime: text.published }, day(text.published, language)),
    text.source && element("bdi", {}, text.source),
    text.reporter && element("span", {}, say("by", { name: "" }), element("bdi", {}, text.reporter)),
    webAddress(text.url) && original(say, text.url));
}

/** @param {Say} say @param {string} url */
export function original(say, url) {
  return element("a", { href: webAddress(url), rel: "noopener external" }, say("original"), element("span", { "aria-hidden": "true" }, " ↗"));
}

/** @param {Context} context @param {any} text */
function origin({ language }, text) {
  return element("span", { class: "facts" },
    text.published && element("time", { datetime: text.published }, day(text.published, language)),
    text.source && element("bdi", {}, text.source));
}

/** @param {Context} context @param {Hit} hit */
function item({ query, say, language }, { id, text, title, fragments, article: target }) {
  const lists = [...new Set(text.seen.map((/** @type {string[]} */ [, list]) => list).filter(Boolean))].join(", ");
  const link = (/** @type {string} */ doc) => addressOf(query, { doc, page: query.page });
  return element("li", { class: "hit item" },
    element("h3", { dir: "auto" }, element("a", { href: link(target || id) }, text.title ? marked(title) : say("untitled"))),
    fragments.map((fragment) => element("p", { class: "fragment", dir: "auto" }, marked(fragment))),
    element("p", { class: "facts" },
      element("span", {}, say("in_list", { lists: "" }), element("bdi", {}, lists || say("a_list"))),
      text.published && element("time", { datetime: text.published }, day(text.published, language)),
      target && element("a", { href: link(id) }, say("seen_in"))));
}

/** @param {Context} context @param {Found} found */
function nothing({ query, say }, found) {
  if (found.total) {
    return element("div", { class: "empty" }, element("p", {}, `${say("none_here")} `, element("a", { href: addressOf(query) }, say("first_page"))));
  }
  return element("div", { class: "empty" },
    element("p", {}, query.text ? say("nothing_for", { query: query.text }) : say("nothing_at_all")),
    query.text ? element("ul", {},
      element("li", {}, say("try_fewer")),
      query.text.includes('"') && element("li", {}, say("try_quotes")),
      isNarrowed(query) && element("li", {}, element("a", { href: addressOf(query, { values: {}, since: "", until: "" }) }, say("try_filters")))) : null);
}

/** @param {Context} context @param {number} total */
function pages({ query, say }, total) {
  const last = Math.ceil(total / PAGE_SIZE);
  if (last < 2) return null;
  const step = (/** @type {number} */ page, /** @type {string} */ rel, /** @type {string} */ key) =>
    element("a", { class: "step", rel: `${rel} nofollow`, href: addressOf(query, { page }) }, say(key));
  const made = [];
  let before = 0;
  for (let page = 1; page <= last; page += 1) {
    if (page !== 1 && page !== last && Math.abs(page - query.page) > AROUND) continue;
    if (page > before + 1) made.push(element("span", { "aria-hidden": "true" }, "…"));
    before = page;
    const name = say("page_number", { count: page });
    made.push(page === query.page
      ? element("span", { class: "here", "aria-current": "page" }, element("span", { class: "hidden" }, name), element("span", { "aria-hidden": "true" }, String(page)))
      : element("a", { href: addressOf(query, { page }), rel: "nofollow", "aria-label": name }, String(page)));
  }
  return element("nav", { class: "pages", "aria-label": say("pages") },
    query.page > 1 && step(query.page - 1, "prev", "previous"), made, query.page < last && step(query.page + 1, "next", "next"));
}

/** @param {Context} context @param {Found} found */
function narrow(context, found) {
  const { query, say } = context;
  const date = (/** @type {"since" | "until"} */ name) => [
    element("label", { for: name }, say(`facet_${name}`)),
    element("input", { form: "search", id: name, name, type: "date", value: query[name] }),
  ];
  return element("details", { class: "narrow", open: isNarrowed(query) },
    element("summary", {}, say("narrow")),
    element("section", { class: "facet dates" },
      element("h2", {}, say("dates")),
      element("div", { class: "days" }, date("since"), date("until"),
        element("button", { form: "search", type: "submit" }, say("apply")))),
    FACETS[query.kind].map((name) => facet(context, name, found.facets[name] ?? [])));
}

/** @param {Context} context @param {string} name @param {{ value: string, count: number }[]} counts */
function facet({ query, say, language }, name, counts) {
  const chosen = new Map((query.values[name] ?? []).map((value) => [foldValue(value), value]));
  if (counts.length < 2 && !chosen.size) return null;
  const counted = new Map(counts.map((each) => [foldValue(each.value), each]));
  const order = name === "month" ? [...counted.keys()].sort().reverse() : [...counted.keys()];
  const keys = [...chosen.keys(), ...order.filter((key) => !chosen.has(key))];
  const values = keys.map((key) => {
    const value = counted.get(key)?.value ?? chosen.get(key) ?? "";
    return element("li", {}, element("a", {
      href: addressOf(query, { values: toggled(query, name, value) }), rel: "nofollow", "aria-current": chosen.has(key) && "true",
    },
    element("span", { class: "tick", "aria-hidden": "true" }), element("bdi", {}, labelOf(name, value, language)),
    chosen.has(key) && element("span", { class: "hidden" }, ` (${say("chosen")})`),
    counted.has(key) && element("span", { class: "count" }, say("count", { count: counted.get(key)?.count ?? 0 }))));
  });
  const open = Math.max(OPEN, chosen.size);
  const rest = values.slice(open);
  return element("section", { class: "facet" },
    element("h2", {}, say(`facet_${name}`)),
    element("ul", {}, values.slice(0, open)),
    rest.length ? element("details", {}, element("summary", {}, say("facet_more", { count: rest.length })), element("ul", {}, rest)) : null);
}

/** @param {PageQuery} query @param {string} field @param {string} value */
function toggled(query, field, value) {
  const values = query.values[field] ?? [];
  const rest = values.filter((each) => foldValue(each) !== foldValue(value));
  const now = rest.length < values.length ? rest : [...values, value];
  const { [field]: _, ...others } = query.values;
  return now.length ? { ...others, [field]: now } : others;
}

/** @param {string} field @param {string} value @param {string} language */
function labelOf(field, value, language) {
  const month = field === "month" && /^(\d{4})-(\d\d)$/.exec(value);
  return month ? monthName(Number(month[1]), Number(month[2]), language) : value;
}

/** @param {Context} context @param {Found} items */
function sidebars(context, items) {
  const { query, say } = context;
  return element("aside", { class: "sidebars", "aria-labelledby": "sidebars" },
    element("h2", { id: "sidebars" }, say("in_sidebars")),
    element("p", { class: "quiet" }, say("in_sidebars_lead")),
    items.relaxed ? element("p", { class: "notice" }, say("relaxed")) : null,
    element("ul", {}, items.hits.map((hit) => item(context, hit))),
    items.total > items.hits.length && element("p", {}, element("a", { href: addressOf(query, { kind: "item" }), rel: "nofollow" }, say("all_items", { count: items.total }))));
}

/** The values chosen that can be asked of a kind of hit. @param {PageQuery} query @param {"article" | "item"} kind */
export const askedOf = (query, kind) => ({
  kind, values: valuesOf(query, kind), since: query.since, until: query.until, sort: orderOf(query),
});
