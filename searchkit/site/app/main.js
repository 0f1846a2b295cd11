// The page of an archive that searches in the browser: what its address asks for is shown in place.

import { announce } from "./announce.js";
import { Archive } from "./index/archive.js";
import { listenToKeys } from "./keys.js";
import { addressOf, FACETS, isBlank, PAGE_SIZE, readAddress, wrongDays } from "./page/address.js";
import { blocksOf } from "./page/blocks.js";
import { element, harmless } from "./page/dom.js";
import { readingPage } from "./page/reading.js";
import { askedOf, resultsPage } from "./page/results.js";
import { preferred, sayer } from "./page/wording.js";
import { QueryError } from "./query/parsing.js";
import { search } from "./search.js";
import { Highlighter } from "./snippets/fragments.js";

const ITEMS_SHOWN = 5;
const WAIT = 220; // milliseconds after the last letter
const PHONE = matchMedia("(max-width: 52rem)");
const root = new URL("..", import.meta.url);

/** @param {string} name */
async function load(name) {
  const answer = await fetch(new URL(name, root));
  if (!answer.ok) throw new Error(`${name}: ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}

class Page {
  /** @param {Archive} archive @param {any} wording */
  constructor(archive, wording) {
    this.archive = archive;
    this.texts = wording.texts;
    this.form = /** @type {HTMLFormElement} */ (document.getElementById("search"));
    this.input = /** @type {HTMLInputElement} */ (document.getElementById("q"));
    this.latest = 0;
    this.typing = false;
    this.timer = 0;
  }

  start() {
    document.documentElement.classList.add("scripted");
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.typed(), WAIT);
    });
    this.input.addEventListener("focus", () => void this.archive.analyzer().catch(() => {}));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(this.typedAddress(), this.typing);
    });
    document.addEventListener("click", (event) => this.clicked(event));
    addEventListener("popstate", () => this.back());
    PHONE.addEventListener("change", () => this.settle());
    listenToKeys(this.input);
    return this.show();
  }

  /** The query of the address with what stands in the form. */
  typedAddress() {
    const data = new FormData(this.form);
    const day = (/** @type {string} */ name) => String(data.get(name) ?? "");
    return addressOf(readAddress(location.search), { text: this.input.value.trim(), since: day("since"), until: day("until") });
  }

  typed() {
    const address = this.typedAddress();
    // One step back leads to what was there before the typing, not before its last letter.
    history[this.typing ? "replaceState" : "pushState"](null, "", address);
    this.typing = true;
    return this.show();
  }

  /** @param {string} address */
  go(address, instead = false, top = false) {
    clearTimeout(this.timer);
    const same = new URL(address, location.href).href === location.href;
    if (!same) history[instead ? "replaceState" : "pushState"](null, "", address);
    this.typing = false;
    return this.show(top);
  }

  back() {
    clearTimeout(this.timer);
    this.typing = false;
    // Also while one is in the box, where nothing else writes: it says what the results are of.
    this.write(readAddress(location.search).text);
    return this.show();
  }

  /** Put a query of an address into the box: who made the address may not be who reads it. @param {string} text */
  write(text) {
    this.input.value = harmless(text);
  }

  /** @param {MouseEvent} event */
  clicked(event) {
    const link = /** @type {HTMLAnchorElement | null} */ (/** @type {Element} */ (event.target).closest?.("a[href]"));
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented) return;
    const target = new URL(link.href);
    if (target.origin !== location.origin || target.pathname !== location.pathname || target.hash) return;
    event.preventDefault();
    const turns = link.closest(".pages, h2, h3, .back, .copies, .sidebars, .name, .languages, .facts");
    void this.go(target.search || "./", false, Boolean(turns));
  }

  /** Show what the address asks for. */
  async show(top = false) {
    const turn = (this.latest += 1);
    const query = readAddress(location.search);
    const language = preferred(query.lang);
    const say = sayer(this.texts, language);
    document.getElementById("results")?.setAttribute("aria-busy", "true");
    let made;
    try {
      made = await this.made({ query, language, say });
    } catch (error) {
      made = trouble(say, error);
    }
    if (turn !== this.latest) return;
    this.frame({ query, language, say });
    const title = query.doc ? made.dataset.announce : query.text;
    document.title = harmless(title ? `${title} – ${this.archive.core.title}` : this.archive.core.title);
    document.body.className = query.doc ? "reading" : isBlank(query) ? "front" : "results";
    this.put(made, top);
    announce(made.dataset.announce ?? "");
  }

  /** @param {import("./page/results.js").Context} context */
  async made(context) {
    const { query, say } = context;
    const wrong = wrongDays(query);
    if (wrong) return message(say("error_title_400"), say(...wrong), say("back_all"), "./");
    if (query.doc) return this.reading(context);
    const started = performance.now();
    const wanted = { facets: FACETS[query.kind], first: (query.page - 1) * PAGE_SIZE, most: PAGE_SIZE };
    const found = await this.found(query, query.kind, wanted);
    const items = await this.beside(query, found);
    return resultsPage({ ...context, say }, { ...found, ms: performance.now() - started }, items && { ...items, ms: 0 });
  }

  /** Items of sidebars to be shown beside articles, on their first page. @param {import("./page/address.js").PageQuery} query @param {{ total: number, relaxed: boolean }} found */
  async beside(query, found) {
    if (query.kind === "item" || isBlank(query) || query.page > 1) return null;
    // An item has no section: none of them can match.
    if (Object.keys(query.values).some((field) => !FACETS.item.includes(field))) return null;
    const items = await this.found(query, "item", { facets: [], first: 0, most: ITEMS_SHOWN });
    // Beside articles with all of the words, some of them tell nothing.
    return items.relaxed && found.total && !found.relaxed ? null : items;
  }

  /** @param {import("./page/address.js").PageQuery} query @param {"article" | "item"} kind @param {{ facets: string[], first: number, most: number }} wanted */
  async found(query, kind, { facets, first, most }) {
    const answer = await search(this.archive, query.text || "*", { ...askedOf(query, kind), facets });
    const shown = answer.matches.slice(first, first + most);
    const [highlighter, texts] = await Promise.all([
      this.highlighter(answer), this.archive.texts(shown.map(({ number }) => number)),
    ]);
    const { ids } = this.archive.core;
    const hits = await Promise.all(texts.map(async (text, place) => {
      const { number, copies } = shown[place];
      const blocks = blocksOf(text);
      const others = await this.archive.texts(copies.slice(0, 10));
      return {
        number, id: ids[number], text,
        title: highlighter.whole(Object.keys(blocks)[0], Object.values(blocks)[0]),
        fragments: highlighter.fragments(blocks),
        copies: others.map((other, copy) => ({ id: ids[copies[copy]], text: other })),
        article: text.article >= 0 ? ids[text.article] : "",
      };
    }));
    return { hits, total: answer.matches.length, relaxed: answer.relaxed, unknown: answer.unknown, facets: answer.facets };
  }

  /** @param {import("./search.js").Answer | null} answer */
  async highlighter(answer) {
    const { leaves, weights, beside } = answer ?? { leaves: [], weights: [], beside: [] };
    const analyzer = leaves.length ? await this.archive.analyzer() : null;
    return new Highlighter(analyzer, this.archive.core.sentences, leaves, weights, beside);
  }

  /** @param {import("./page/results.js").Context} context */
  async reading(context) {
    const { query, say } = context;
    const number = this.archive.numbers.get(query.doc);
    if (number === undefined) return message(say("error_title_404"), say("error_document"), say("back_all"), addressOf({ ...query, text: "", values: {} }));
    const [text] = await this.archive.texts([number]);
    const answer = query.text ? await search(this.archive, query.text, { ...askedOf(query, query.kind), facets: [] }) : null;
    const highlighter = await this.highlighter(answer);
    return readingPage(context, text, highlighter, (each) => this.archive.core.ids[each]);
  }

  /** What stands around the results, in the language of the reader. @param {import("./page/results.js").Context} context */
  frame({ query, language, say }) {
    document.documentElement.lang = language;
    const text = (/** @type {string} */ selector, /** @type {string} */ said) => {
      const found = document.querySelector(selector);
      if (found) found.textContent = said;
    };
    text(".skip", say("skip"));
    text("label[for=q]", say("search_label"));
    text("#search button", say("search"));
    this.form.hidden = false;
    this.input.placeholder = say("placeholder");
    if (document.activeElement !== this.input) this.write(query.text);
    document.querySelector(".languages")?.setAttribute("aria-label", say("language"));
    for (const link of document.querySelectorAll(".languages a")) {
      const code = /** @type {HTMLAnchorElement} */ (link).lang;
      link.setAttribute("href", addressOf(query, { lang: code, page: query.page, doc: query.doc }));
      if (code === language) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    document.querySelector("footer")?.replaceChildren(footer(say));
  }

  /** @param {HTMLElement} results @param {boolean} top */
  put(results, top) {
    const old = document.getElementById("results");
    const focused = old?.contains(document.activeElement) ? document.activeElement : null;
    const href = focused?.getAttribute("href");
    const opened = old?.querySelector("details.narrow")?.hasAttribute("open");
    old?.replaceWith(results);
    if (PHONE.matches && opened) results.querySelector("details.narrow")?.setAttribute("open", "");
    this.settle();
    if (top) {
      scrollTo(0, 0);
      results.focus({ preventScroll: true });
    } else if (focused) {
      const again = [...results.querySelectorAll("a[href]")].find((link) => link.getAttribute("href") === href);
      /** @type {HTMLElement} */ (again ?? results).focus({ preventScroll: true });
    }
  }

  // Filters are open where there is room for them.
  settle() {
    if (!PHONE.matches) document.querySelector("details.narrow")?.setAttribute("open", "");
  }
}

/** @param {import("./page/wording.js").Say} say */
function footer(say) {
  const keys = [["/", "key_search"], ["j ↓", "key_next"], ["k ↑", "key_previous"], ["Enter", "key_open"], ["?", "key_help"]];
  return element("div", {},
    element("p", {}, element("a", { href: "articles.html" }, say("list_of_articles"))),
    element("details", { id: "keys", class: "keys" }, element("summary", {}, say("keys")),
      element("dl", {}, keys.map(([key, meaning]) => element("div", {}, element("dt", {}, element("kbd", {}, key)), element("dd", {}, say(meaning)))))));
}

/** @param {import("./page/wording.js").Say} say @param {unknown} error */
function trouble(say, error) {
  if (error instanceof QueryError) return message(say("error_title_400"), say("error_query"), say("back_all"), "./");
  console.error(error);
  return message(say("error_title_503"), say("not_loaded", { reason: error instanceof Error ? error.message : "" }), say("back_all"), "./");
}

/** @param {string} title @param {string} text @param {string} link @param {string} href */
function message(title, text, link, href) {
  return element("main", { id: "results", tabindex: "-1", "data-announce": text },
    element("div", { class: "empty" }, element("h1", {}, title), element("p", {}, text), element("p", {}, element("a", { href }, link))));
}

for (const notice of document.querySelectorAll("#results > .list > .notice")) notice.remove();
const archive = await Archive.open(load);
await new Page(archive, await archive.packs.json("wording")).start();
