// Search, filter and order of the page's rows; without it they stand in the order of who is needed most.
const rows = [...document.querySelectorAll("tbody tr")];
const [search, lead, need, shown] = ["search", "lead", "need", "shown"].map((id) => document.getElementById(id));

function plain(text) {
  return text.toLowerCase().replace(/\s+/g, " ").trim();
}

function filter() {
  const words = plain(search.value);
  for (const row of rows) {
    row.hidden =
      !plain(row.textContent).includes(words) ||
      (lead.value !== "" && row.dataset.lead !== lead.value) ||
      (need.value !== "" && !row.dataset.needs.split(" ").includes(need.value));
  }
  shown.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length}`;
}

function sortBy(head) {
  const down = head.getAttribute("aria-sort") === "ascending";
  for (const other of document.querySelectorAll("[aria-sort]")) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", down ? "descending" : "ascending");
  const name = head.dataset.sort;
  rows.sort((one, other) => one.dataset[name].localeCompare(other.dataset[name]) * (down ? -1 : 1));
  rows[0]?.parentNode.append(...rows);
}

for (const head of document.querySelectorAll("[data-sort]")) {
  const button = Object.assign(document.createElement("button"), { type: "button", textContent: head.textContent });
  button.addEventListener("click", () => sortBy(head));
  head.replaceChildren(button);
}
for (const control of [search, lead, need]) control.addEventListener("input", filter);
document.querySelector(".controls").addEventListener("submit", (event) => event.preventDefault());
document.querySelector(".controls").hidden = false;
filter();
