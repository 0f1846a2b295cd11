// One document, with the words of the query marked and what stood beside it.

import { addressOf } from "./address.js";
import { blocksOf } from "./blocks.js";
import { element, marked, webAddress } from "./dom.js";
import { original } from "./results.js";
import { moment } from "./wording.js";

/** @typedef {import("./results.js").Context} Context */

/**
 * @param {Context} context @param {any} text what is stored of it
 * @param {import("../snippets/fragments.js").Highlighter} highlighter @param {(number: number) => string} idOf
 */
export function readingPage(context, text, highlighter, idOf) {
  const { query, say } = context;
  const mark = (/** @type {string} */ block, /** @type {string} */ said) => marked(highlighter.whole(block, said));
  const back = element("p", { class: "back" }, element("a", { href: addressOf(query, { page: query.page }) },
    element("span", { "aria-hidden": "true" }, "← "), query.text ? say("back", { query: query.text }) : say("back_all")));
  const isItem = text.kind === "item";
  const [[block, title]] = Object.entries(blocksOf(text));
  return element("main", { id: "results", class: "columns", tabindex: "-1", "data-announce": title },
    element("div", { class: "list" }, back,
      element("article", { class: "article" },
        isItem && element("p", { class: "quiet" }, say("item")),
        element("h1", { dir: "auto" }, title ? mark(block, title) : say("untitled")),
        facts(context, text, idOf),
        element("div", { class: "body" }, isItem
          ? text.summary && element("p", { dir: "auto" }, mark("teaser", text.summary))
          : paragraphs(highlighter, text.body)),
        !isItem && text.caption ? element("p", { class: "caption", dir: "auto" },
          element("b", {}, `${say("caption")}.`), " ", mark("caption", text.caption), text.credit && [" (", element("bdi", {}, text.credit), ")"]) : null,
        isItem ? seen(context, text) : ["tags", "related"].map((name) => text[name].length ? element("section", { class: "more" },
          element("h2", {}, say(name)),
          element("ul", { class: name }, text[name].map((/** @type {string} */ value) => element("li", { dir: "auto" }, value)))) : null))),
    element("div", { class: "aside" }, !isItem && text.beside.length ? beside(context, text.beside, highlighter, idOf) : null));
}

/** @param {Context} context @param {any} text @param {(number: number) => string} idOf */
function facts({ query, say, language }, text, idOf) {
  return element("p", { class: "facts" },
    text.section && element("bdi", { class: "section" }, text.section),
    text.published && element("time", { datetime: text.published }, moment(text.published, language)),
    text.source && element("bdi", {}, text.source),
    text.reporter && element("span", {}, say("by", { name: "" }), element("bdi", {}, text.reporter)),
    text.editor && element("span", {}, say("editor", { name: "" }), element("bdi", {}, text.editor)),
    text.article >= 0 && element("a", { href: addressOf(query, { doc: idOf(text.article), page: query.page }) }, say("read_article")),
    webAddress(text.url) ? original(say, text.url) : text.url && element("bdi", {}, text.url));
}

/** The paragraphs, marked as the body is: a phrase may go on in the next one. @param {import("../snippets/fragments.js").Highlighter} highlighter @param {string[]} body */
function paragraphs(highlighter, body) {
  const { marks } = highlighter.whole("body", body.join("\n\n"));
  let start = 0;
  return body.map((text) => {
    const [from, to] = [start, start + text.length];
    start = to + 2;
    const here = marks
      .filter(([first, last]) => first < to && last > from)
      .map(([first, last]) => /** @type {[number, number]} */ ([Math.max(first, from) - from, Math.min(last, to) - from]));
    return element("p", { dir: "auto" }, marked({ text, marks: here, before: false, after: false }));
  });
}

/** @param {Context} context @param {any} text */
function seen({ say }, text) {
  if (!text.seen.length) return null;
  return element("section", { class: "more" }, element("h2", {}, say("seen_in")),
    element("ul", {}, text.seen.map((/** @type {string[]} */ [page, list]) => element("li", {},
      element("bdi", {}, say("seen_beside", { list: list || say("a_list") })), " ", element("bdi", {}, page)))));
}

/** @param {Context} context @param {[string, string, number][]} rows @param {import("../snippets/fragments.js").Highlighter} highlighter @param {(number: number) => string} idOf */
function beside({ query, say }, rows, highlighter, idOf) {
  const lists = new Map();
  for (const [list, title, target] of rows) lists.set(list, [...(lists.get(list) ?? []), [title, target]]);
  return element("aside", { class: "sidebars", "aria-labelledby": "beside" },
    element("h2", { id: "beside" }, say("beside")),
    [...lists].flatMap(([list, items]) => [
      list && element("h3", { dir: "auto" }, list),
      element("ul", {}, items.map((/** @type {[string, number]} */ [title, target]) => element("li", {},
        element("a", { href: addressOf(query, { doc: idOf(target), page: query.page }), dir: "auto" },
          title ? marked(highlighter.whole("sidebar", title)) : say("untitled"))))),
    ]));
}
