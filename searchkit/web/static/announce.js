// Says something to those who listen to the page.
export function announce(text) {
  document.getElementById("announcement").textContent = text;
}
