// Fills the list below the search field with titles, while somebody types.
const field = document.querySelector("[data-completions]");
const list = field.list;
let newest = 0;

field.addEventListener("input", async () => {
  const number = ++newest;
  const answer = await fetch(`${field.dataset.completions}?q=${encodeURIComponent(field.value)}`);
  const { completions } = await answer.json();
  if (number === newest) {
    list.replaceChildren(...completions.map((title) => new Option(title)));
  }
});
