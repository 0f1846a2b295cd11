// What the page gains where scripts run: completions, results renewed while typing, keys.
// Without it everything works by links and the form.
import { Suggestions } from "./suggestions.js";
import { LiveResults } from "./results.js";
import { listenToKeys } from "./keys.js";

document.documentElement.classList.add("scripted");
const form = document.getElementById("search");
const live = new LiveResults(form);
new Suggestions(form.elements.q, document.getElementById("suggestions"), () => form.requestSubmit());
listenToKeys(form.elements.q);
live.start();
