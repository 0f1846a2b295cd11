// Results renewed in place, while typing and by links: the server's page is fetched and its results
// are put where the old ones were. The address always says what is shown.
import { announce } from "./announce.js";

const WAIT = 220; // milliseconds after the last letter
const PHONE = matchMedia("(max-width: 52rem)");

export class LiveResults {
  #form; #input; #timer = 0; #request = null; #typing = false;

  constructor(form) {
    this.#form = form;
    this.#input = form.elements.q;
  }

  start() {
    this.#settle();
    PHONE.addEventListener("change", () => this.#settle());
    this.#input.addEventListener("input", () => {
      clearTimeout(this.#timer);
      if (this.#here()) this.#timer = setTimeout(() => this.#typed(), WAIT);
    });
    this.#form.addEventListener("submit", (event) => {
      if (!this.#here()) return;
      event.preventDefault();
      this.#go(this.#address(), false, this.#typing);
    });
    document.addEventListener("click", (event) => this.#clicked(event));
    addEventListener("popstate", () => this.#back());
    history.scrollRestoration = "auto";
  }

  // Only where results stand can they be renewed.
  #here() {
    return location.pathname === new URL(this.#form.action).pathname;
  }

  #address() {
    const said = [...new FormData(this.#form)].filter(([, value]) => value !== "");
    return `${new URL(this.#form.action).pathname}?${new URLSearchParams(said)}`;
  }

  #typed() {
    // Until a blank follows it, the last word may be only the beginning of one.
    const begun = /\S$/.test(this.#input.value) ? "&prefix=1" : "";
    const address = this.#address() + begun;
    // One step back leads to what was there before the typing, not before its last letter.
    history[this.#typing ? "replaceState" : "pushState"](null, "", address);
    this.#typing = true;
    this.#renew(address);
  }

  #go(address, top = false, instead = false) {
    clearTimeout(this.#timer);
    const same = new URL(address, location.href).href === location.href;
    if (!same) history[instead ? "replaceState" : "pushState"](null, "", address);
    this.#typing = false;
    this.#renew(address, top);
  }

  #back() {
    clearTimeout(this.#timer);
    this.#typing = false;
    this.#input.value = new URLSearchParams(location.search).get("q") ?? "";
    this.#renew(location.href);
  }

  #clicked(event) {
    const link = event.target.closest?.("a[href]");
    const plain = event.button === 0 && !event.ctrlKey && !event.metaKey && !event.shiftKey && !event.altKey;
    if (!link || !plain || event.defaultPrevented || !link.closest("#results") || !this.#here()) return;
    const target = new URL(link.href);
    if (target.origin !== location.origin || target.pathname !== location.pathname || target.hash) return;
    event.preventDefault();
    this.#go(target.href, Boolean(link.closest(".pages")));
  }

  async #renew(address, top = false) {
    this.#request?.abort();
    this.#request = new AbortController();
    const { signal } = this.#request;
    const results = document.getElementById("results");
    results.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(address, { signal, headers: { Accept: "text/html" } });
      const text = await answer.text();
      if (signal.aborted) return;
      const page = new DOMParser().parseFromString(text, "text/html");
      if (!page.getElementById("results")) throw new Error("not a page of results");
      this.#put(page, top);
    } catch (error) {
      if (signal.aborted) return;
      results.removeAttribute("aria-busy");
      this.#fail(results);
    }
  }

  // What stands there is of another query: that is said where it stands, until the next answer.
  #fail(results) {
    const notice = results.querySelector(".failed") ?? document.createElement("p");
    notice.className = "notice failed";
    notice.textContent = this.#input.parentElement.dataset.sayFailed;
    const heading = results.querySelector("h1");
    if (heading) heading.after(notice);
    else results.prepend(notice);
    announce(notice.textContent);
  }

  #put(page, top) {
    const old = document.getElementById("results");
    const results = document.adoptNode(page.getElementById("results"));
    const focused = old.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && { text: focused.textContent, href: focused.getAttribute("href") };
    const opened = old.querySelector(".narrow")?.open;
    document.title = page.title;
    document.body.className = page.body.className;
    old.replaceWith(results);
    this.#adopt(page);
    if (PHONE.matches && opened) results.querySelector(".narrow").open = true;
    this.#settle();
    if (top) {
      scrollTo(0, 0);
      results.focus({ preventScroll: true });
    } else if (place) this.#refocus(results, place);
    announce(results.dataset.announce ?? "");
  }

  // The focus stays on what was pressed, though its link leads elsewhere now.
  #refocus(results, { text, href }) {
    const links = [...results.querySelectorAll("a[href]")];
    const bare = (value) => value.replace(/\s*\([^)]*\)|[\d.,]+\s*$/g, "").trim();
    const again = links.find((link) => link.getAttribute("href") === href)
      ?? links.find((link) => bare(link.textContent) === bare(text));
    (again ?? results).focus({ preventScroll: true });
  }

  // What the form and the head of the page say goes with the address.
  #adopt(page) {
    const form = page.getElementById("search");
    for (const hidden of this.#form.querySelectorAll("input[type=hidden]")) hidden.remove();
    for (const hidden of form.querySelectorAll("input[type=hidden]")) this.#form.append(document.adoptNode(hidden));
    const theirs = form.querySelector("#q").value;
    if (document.activeElement !== this.#input) this.#input.value = theirs;
    for (const choice of ['link[rel="canonical"]', 'link[rel="alternate"]']) {
      const [ours, now] = [document.head.querySelector(choice), page.head.querySelector(choice)];
      if (ours && now) ours.href = now.getAttribute("href");
    }
    document.querySelector(".languages").replaceWith(document.adoptNode(page.querySelector(".languages")));
  }

  // Filters are open where there is room for them.
  #settle() {
    const narrow = document.querySelector(".narrow");
    if (narrow && !PHONE.matches) narrow.open = true;
  }
}
