// A combobox with a list of completions, as WAI-ARIA describes it: the list is chosen from by hand,
// and the text changes only when a completion is taken.
import { announce } from "./announce.js";

const WAIT = 90; // milliseconds after the last letter

export class Suggestions {
  #input; #list; #take; #timer = 0; #request = null; #active = -1;

  constructor(input, list, take) {
    this.#input = input;
    this.#list = list;
    this.#take = take;
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false",
      "aria-controls": list.id, "aria-haspopup": "listbox",
    })) input.setAttribute(name, value);
    input.addEventListener("input", () => this.#ask());
    input.addEventListener("keydown", (event) => this.#key(event));
    input.addEventListener("blur", () => this.#close());
    // Pressing must not take the focus from the box before the click is there.
    list.addEventListener("pointerdown", (event) => event.preventDefault());
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.#choose(option);
    });
    input.form.addEventListener("submit", () => this.#close());
  }

  #ask() {
    this.#forget();
    const text = this.#input.value;
    if (!text.trim()) return this.#close();
    this.#timer = setTimeout(() => this.#fetch(text), WAIT);
  }

  async #fetch(text) {
    this.#request = new AbortController();
    const { suggest } = this.#input.parentElement.dataset;
    try {
      const answer = await fetch(`${suggest}?q=${encodeURIComponent(text)}`, {
        signal: this.#request.signal,
      });
      if (!answer.ok) return this.#close();
      const [, found] = await answer.json();
      if (this.#input.value === text && document.activeElement === this.#input) this.#show(found);
    } catch (error) {
      if (error.name !== "AbortError") this.#close();
    }
  }

  #show(found) {
    const typed = this.#input.value.trim().toLowerCase();
    const options = found.filter((text) => text.toLowerCase() !== typed).map((text, number) => {
      const option = document.createElement("li");
      option.id = `suggestion-${number}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      option.dir = "auto";
      option.textContent = text;
      return option;
    });
    this.#list.replaceChildren(...options);
    this.#activate(-1);
    this.#list.hidden = !options.length;
    this.#input.setAttribute("aria-expanded", String(options.length > 0));
    if (options.length) {
      const say = this.#input.parentElement.dataset;
      announce(options.length === 1 ? say.saySuggestion
        : say.saySuggestions.replace("99", options.length));
    }
  }

  #activate(number) {
    const options = [...this.#list.children];
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === number)));
    this.#active = number;
    if (number < 0) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", options[number].id);
    options[number].scrollIntoView({ block: "nearest" });
  }

  #key(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey) return;
    const count = this.#list.children.length;
    const open = !this.#list.hidden;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) {
      event.preventDefault();
      if (!open && count) this.#open();
      else if (!open) return this.#ask();
      if (!event.altKey) this.#activate(this.#next(move, count));
      else if (move < 0) this.#close();
    } else if (event.key === "Enter" && open && this.#active >= 0) {
      event.preventDefault();
      this.#choose(this.#list.children[this.#active]);
    } else if (event.key === "Escape") {
      event.preventDefault(); // the browser would empty the box at once
      if (open) return this.#close();
      this.#input.value = "";
      this.#input.dispatchEvent(new Event("input", { bubbles: true }));
    }
  }

  // Between the last and the first lies the box itself: -1.
  #next(move, count) {
    return (this.#active + 1 + move + count + 1) % (count + 1) - 1;
  }

  #open() {
    this.#list.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
  }

  #choose(option) {
    this.#input.value = option.textContent;
    this.#list.replaceChildren();
    this.#close();
    this.#take();
  }

  #forget() {
    clearTimeout(this.#timer);
    this.#request?.abort();
  }

  #close() {
    this.#forget();
    this.#list.hidden = true;
    this.#activate(-1);
    this.#input.setAttribute("aria-expanded", "false");
  }
}
