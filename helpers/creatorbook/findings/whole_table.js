// A long table, whole: closed at first, then a page of rows at a time, searched and sorted by Python.

const PATIENCE = 2500; // ms until the kernel must have said that it heard us
const REST = 200; // ms between two letters of a search
let tables = 0;

function render({ model, el }) {
  const id = `cb-whole-${++tables}`, columns = model.get("columns"), pageSize = model.get("page");
  const counted = (number) => number.toLocaleString(model.get("locale"));
  let column = null, down = false, start = 0, found = 0, loaded = false;

  const search = make("input", { id: `${id}-search`, type: "search", autocomplete: "off" });
  const status = make("p", { class: "cb-note", role: "status" });
  const heads = columns.map((one, which) => make("th", { scope: "col", class: one.number ? "cb-number" : "cb-text", title: one.note || null, "data-term": one.term || null },
    make("button", { type: "button", text: one.words, onclick: () => sortBy(which) })));
  const body = make("tbody");
  const table = make("table", { class: "cb-table" }, make("caption", { text: model.get("title") }), make("thead", {}, make("tr", {}, ...heads)), body);
  const back = make("button", { type: "button", text: `Previous ${pageSize}`, onclick: () => load(start - pageSize) });
  const on = make("button", { type: "button", text: `Next ${pageSize}`, onclick: () => load(start + pageSize) });
  const all = make("details", {}, make("summary", { text: `All ${counted(model.get("count"))} rows: search, sort, page` }),
    make("div", { class: "cb-whole-line" }, make("label", { for: search.id, text: "Search the words" }), search, back, on, status),
    make("div", { class: "cb-scroll", tabindex: 0, role: "group", "aria-label": model.get("title") }, table));
  const root = make("div", { class: "cb-whole" }, all);
  el.replaceChildren(root);
  leaveKeysAlone(root);

  const say = (words) => { status.textContent = words; };
  const { ask } = conversation(model, {
    patience: PATIENCE,
    silent: () => say("No answer yet: the notebook is still at work, or its kernel has ended."),
    ended: () => say("The notebook's kernel has ended: run the notebook again."),
  });
  function load(from) {
    loaded = true;
    ask({ search: search.value, column, down, start: Math.max(0, from) }, (answer) => {
      ({ start, found } = answer);
      body.replaceChildren(...answer.rows.map((cells) => make("tr", {}, ...cells.map((text, which) => make("td", { class: columns[which].number ? "cb-number" : "cb-text", text })))));
      back.disabled = start === 0;
      on.disabled = start + pageSize >= found;
      say(found ? `Rows ${counted(start + 1)} to ${counted(Math.min(start + pageSize, found))} of ${counted(found)}` : "Nothing found");
    });
  }
  function sortBy(which) {
    down = column === which ? !down : columns[which].number;
    column = which;
    heads.forEach((head, place) => {
      if (place === which) head.setAttribute("aria-sort", down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    load(0);
  }
  let timer = null;
  search.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => load(0), REST); });
  all.addEventListener("toggle", () => { if (all.open && !loaded) load(0); });
}

export default { render };
