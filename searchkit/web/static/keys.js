// Keys: / to the box, j and k through the hits, or the arrows once one of them has the focus.
const HITS = ".hits h2 a, .hits h3 a, .sidebars h3 a, .body mark";

export function listenToKeys(input) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    const stops = [...document.querySelectorAll(HITS)];
    const at = stops.indexOf(document.activeElement);
    const step = { j: 1, k: -1, ...(at >= 0 && { ArrowDown: 1, ArrowUp: -1 }) }[event.key];
    if (event.key === "/") {
      input.focus();
      input.select();
    } else if (event.key === "?") {
      const keys = document.getElementById("keys");
      keys.open = true;
      keys.querySelector("summary").focus();
    } else if (step && stops.length) {
      const next = stops[Math.max(0, Math.min(stops.length - 1, at + step))];
      if (next.tagName === "MARK") next.tabIndex = -1;
      next.focus();
      next.scrollIntoView({ block: "nearest" });
    } else return;
    event.preventDefault();
  });
}
