// The creators' board: a table to search, sort and filter, a card beside it, and a decision that leads to the next card.
// Python makes the cards and writes; what is decided is shown only after it has come back from the file.

const PATIENCE = 2500; // ms until the kernel must have said that it heard us
const PAGE = 100; // rows in the document at once
const REST = 120; // ms of rest before a price that is typed is looked at, or the next card is made
const COLUMNS = [
  { name: "called", words: "Creator" },
  { name: "platform", words: "Platform" },
  { name: "size", words: "Size" },
  { name: "followers", words: "Followers", number: true },
  { name: "fee", words: "Asked", number: true },
  { name: "offered", words: "Offered", number: true },
  { name: "checked", words: "Checked", number: true },
  { name: "look", words: "At a glance" },
  { name: "with_us", words: "With us before" },
  { name: "decision", words: "Decision" },
  { name: "reason", words: "Reason" },
  { name: "by", words: "By" },
];
const OPEN = "open", DIFFER = "two of us differ", ALL = "all";
let boards = 0;

const unique = (values) => [...new Set(values)].filter(Boolean).sort();
const classOf = (column) => `cb-col-${column.name}${column.number ? " cb-number" : ""}`;
const plain = (text) => String(text ?? "").toLowerCase();

function chosen(id, words, options, onchange) {
  const control = make("select", { id, onchange }, ...options.map((one) => make("option", { value: one, text: one })));
  return { control, element: make("div", { class: "cb-pick" }, make("label", { for: id, text: words }), control) };
}

function written(id, words, attributes = {}) {
  const control = make("input", { id, type: "text", autocomplete: "off", ...attributes });
  return { control, element: make("div", { class: "cb-pick" }, make("label", { for: id, text: words }), control) };
}

function render({ model, el }) {
  const id = `cb-board-${++boards}`;
  const rows = model.get("rows"), decisions = model.get("decisions"), scales = model.get("scales");
  const at = new Map(rows.map((row, place) => [row.id, place]));
  const ticked = new Set();
  let states = {}, list = [], current = null, first = 0, sort = null, decision = null, cardAsked = null, fresh = false, undone = null, resting = null;

  // who is here
  const name = written(`${id}-by`, "Your name (needed)", { value: window.localStorage?.getItem("creatorbook:by") ?? "", required: true, "aria-describedby": `${id}-by-fault` });
  const nameFault = make("p", { id: `${id}-by-fault`, class: "cb-fault" });
  name.element.append(nameFault);
  const alone = make("input", { type: "checkbox", id: `${id}-alone` });
  const both = make("input", { type: "checkbox", id: `${id}-both`, onchange: () => eachAlone() });
  const who = make("div", { class: "cb-line" }, name.element, make("label", { for: alone.id, class: "cb-tick" }, alone, make("span", { text: "I review on my own: hide here what others decided and marked until I have decided" })),
    make("label", { for: both.id, class: "cb-tick" }, both, make("span", { text: "Two people judge each creator, each alone: a setting of the campaign; the page above hides a decision until both are in" })));
  const viewer = () => ({ by: name.control.value.trim(), alone: alone.checked });

  // what is shown
  const search = written(`${id}-search`, "Search", { type: "search", placeholder: "handle or name" });
  const state = chosen(`${id}-state`, "Decision", [ALL, OPEN, ...decisions.filter((one) => !one.undo).map((one) => one.decision), DIFFER], () => filter());
  const platform = chosen(`${id}-platform`, "Platform", [ALL, ...unique(rows.map((row) => row.platform))], () => filter());
  const size = chosen(`${id}-size`, "Size", [ALL, ...new Set(rows.toSorted((one, other) => (one.followers ?? 0) - (other.followers ?? 0)).map((row) => row.size))], () => filter());
  const count = make("p", { class: "cb-count", role: "status" });
  const filters = make("div", { class: "cb-line" }, search.element, state.element, platform.element, size.element, count);

  // the table
  const heads = COLUMNS.map((column) => {
    const button = make("button", { type: "button", text: column.words, onclick: () => sortBy(column) });
    return make("th", { scope: "col", class: classOf(column) }, button);
  });
  const body = make("tbody");
  const table = make("table", { role: "grid", "aria-multiselectable": "true", "aria-label": "Creators" },
    make("thead", {}, make("tr", {}, make("th", { scope: "col", text: "Tick" }), ...heads)), body);
  const box = make("div", { class: "cb-board-list" }, table);
  const back = make("button", { type: "button", class: "cb-small", text: `Previous ${PAGE}`, onclick: () => page(first - PAGE) });
  const on = make("button", { type: "button", class: "cb-small", text: `Next ${PAGE}`, onclick: () => page(first + PAGE) });
  const pager = make("div", { class: "cb-buttons" }, back, on);
  const tickedWords = make("span", { class: "cb-count", role: "status" });
  const tickShown = make("button", { type: "button", class: "cb-small", text: "Tick all that are found", onclick: () => { list.forEach((place) => ticked.add(rows[place].id)); drawRows(); } });
  const untick = make("button", { type: "button", class: "cb-small", text: "Untick all", onclick: () => { ticked.clear(); drawRows(); } });
  const beside = make("button", { type: "button", class: "cb-small", text: "Show two or three side by side", onclick: () => compare() });
  const bulk = make("div", { class: "cb-buttons" }, tickShown, untick, beside, tickedWords);

  // the drawer
  const card = make("div", { class: "cb-board-card", tabindex: 0, role: "group", "aria-label": "Vetting card" });
  const choice = make("div", { class: "cb-options", role: "radiogroup", "aria-labelledby": `${id}-decision` });
  const reason = make("div", { class: "cb-options", role: "radiogroup", "aria-labelledby": `${id}-reason` });
  const note = written(`${id}-note`, "Note, so that the creator could read it");
  const write = make("button", { type: "button", class: "cb-main", text: "Write it down", onclick: () => decide([current]) });
  const writeAll = make("button", { type: "button", class: "cb-plain", onclick: () => decide([...ticked]) });
  const takeBack = make("button", { type: "button", class: "cb-plain", text: "Take it back", hidden: true, onclick: () => undo() });
  const status = make("p", { class: "cb-status", role: "status", "aria-live": "polite" });
  const deciding = make("div", { class: "cb-board-decide" },
    make("p", { id: `${id}-decision`, class: "cb-question", text: "Decision" }), choice,
    make("p", { id: `${id}-reason`, class: "cb-question", text: "Reason" }), reason, note.element,
    make("div", { class: "cb-buttons" }, write, writeAll, takeBack), status);
  const offered = written(`${id}-offered`, `Fee offered, ${model.get("currency")}`, { type: "number", min: 0, step: "any" });
  const orders = written(`${id}-orders`, "Orders you expect", { type: "number", min: 0, step: 1 });
  const priceWords = make("p", { class: "cb-help", "aria-live": "polite" });
  const price = make("details", {}, make("summary", { text: "Price: asked, offered, worth paying" }),
    priceWords, make("div", { class: "cb-line" }, offered.element, orders.element),
    make("p", { class: "cb-help", text: "An offer is kept in the campaign's offers file. The plan reckons with the fee of the creators list until the agreed one stands there." }),
    make("div", { class: "cb-buttons" }, make("button", { type: "button", class: "cb-plain", text: "Write the offer down", onclick: () => offer() })));
  const marks = scales.map((scale) => {
    const one = chosen(`${id}-${scale.name}`, scale.label, ["", "1", "2", "3", "4", "5"]);
    one.control.setAttribute("aria-describedby", `${id}-${scale.name}-help`);
    one.element.append(make("p", { id: `${id}-${scale.name}-help`, class: "cb-help", text: `${scale.question} ${scale.anchors.join(" · ")}` }));
    return { ...one, name: scale.name };
  });
  const ownWords = written(`${id}-words`, "In your own words");
  const review = make("details", {}, make("summary", { text: "Review marks: style, values, own voice" }),
    make("div", { class: "cb-marks" }, ...marks.map((one) => one.element)), ownWords.element,
    make("div", { class: "cb-buttons" }, make("button", { type: "button", class: "cb-plain", text: "Write my marks down", onclick: () => mark() })));
  const drawer = make("section", { class: "cb-board-drawer", "aria-label": "The creator chosen" }, card, deciding, price, review);

  const differ = make("div", { class: "cb-result" });
  const root = make("form", { class: "cb-form cb-board", "aria-labelledby": `${id}-title`, tabindex: -1, novalidate: true, onsubmit: (event) => event.preventDefault() },
    make("h3", { id: `${id}-title`, text: model.get("title") }), make("p", { text: model.get("intro") }), who, filters,
    make("div", { class: "cb-board-sides" }, make("div", { class: "cb-board-left" }, box, pager, bulk), drawer),
    make("div", { class: "cb-buttons" },
      make("button", { type: "button", class: "cb-plain", text: "Where two of us differ", onclick: () => ask("agreement", {}, (answer) => { differ.innerHTML = answer.html; }) }),
      make("button", { type: "button", class: "cb-plain", text: "Show the rest of the page with these decisions", onclick: () => leave() })), differ);
  el.replaceChildren(root);
  leaveKeysAlone(root);

  const say = (words, kind = "") => { status.textContent = words; status.dataset.kind = kind; };
  const talk = conversation(model, {
    patience: PATIENCE,
    silent: () => say("No answer yet: the notebook is still at work, or its kernel has ended. Nothing is written until this line says so.", "late"),
    ended: () => say("The notebook's kernel has ended: what this board did not confirm is not written. Run the notebook again.", "fault"),
  });
  const ask = (what, content, then) => talk.ask({ do: what, ...viewer(), ...content }, (answer) => {
    if (answer.words) say(answer.words, answer.ok ? "done" : "fault");
    else if (status.dataset.kind === "late") say("");
    Object.assign(states, answer.states ?? {});
    if (answer.states) drawRows();
    if (answer.written) fresh = true;
    if (answer.ok) then?.(answer);
  });
  /* Whether somebody has said who they are; the browser remembers the name for the next form. */
  const signed = () => {
    if (viewer().by) { window.localStorage?.setItem("creatorbook:by", viewer().by); return true; }
    nameFault.textContent = "Please write your name.";
    name.control.setAttribute("aria-invalid", "true");
    name.control.focus();
    return false;
  };

  /* What stands elsewhere on the page is older than what was written here: told once the board is left, or on request.
     Told before the event of leaving goes on, so that whoever waits for that hears both. */
  const tell = (now = false) => { fresh = false; root.dispatchEvent(new CustomEvent("creatorbook:written", { bubbles: true, detail: { now } })); };
  root.addEventListener("focusout", (event) => { if (fresh && event.relatedTarget && !root.contains(event.relatedTarget)) tell(); }, true);
  const leave = () => { tell(); root.closest(".jp-Cell")?.focus(); };

  // table
  const stateOf = (row) => states[row.id] ?? {};
  const cellOf = (row, column) => {
    const known = stateOf(row);
    switch (column.name) {
      case "called": return row.name ? `${row.called} (${row.name})` : row.called;
      case "followers": return row.followers_text;
      case "fee": return row.fee_text;
      case "offered": return known.offered_text ?? "";
      case "checked": return row.checked_text;
      case "decision": return known.hidden ? "hidden until yours is written" : (known.decision_text ?? OPEN) + (known.second ? ` (${known.second})` : "");
      case "reason": return known.reason ?? "";
      case "by": return known.by ?? "";
      default: return row[column.name] ?? "";
    }
  };
  const valueOf = (row, column) => column.number ? (column.name === "offered" ? stateOf(row).offered : row[column.name]) ?? null : plain(cellOf(row, column));
  const fits = (row) => {
    const known = stateOf(row), wanted = plain(search.control.value).replace(/^@/, "");
    return (!wanted || plain(row.called).includes(wanted) || plain(row.name).includes(wanted))
      && (platform.control.value === ALL || row.platform === platform.control.value)
      && (size.control.value === ALL || row.size === size.control.value)
      && (state.control.value === ALL || (state.control.value === DIFFER ? known.differ
        : state.control.value === OPEN ? !known.decision : known.decision === state.control.value));
  };
  function filter() {
    list = rows.map((_, place) => place).filter((place) => fits(rows[place]));
    if (sort) {
      const down = sort.down ? -1 : 1;
      list.sort((one, other) => {
        const a = valueOf(rows[one], sort.column), b = valueOf(rows[other], sort.column);
        if (a === b) return one - other;
        if (a === null || a === "") return 1; // what is missing stands last, whichever way
        if (b === null || b === "") return -1;
        return (a < b ? -1 : 1) * down;
      });
    }
    count.textContent = `${list.length.toLocaleString(model.get("locale"))} of ${rows.length.toLocaleString(model.get("locale"))} creators`;
    const place = list.indexOf(at.get(current));
    first = place < 0 ? 0 : place - (place % PAGE);
    drawRows();
  }
  function sortBy(column) {
    sort = { column, down: sort?.column === column ? !sort.down : Boolean(column.number) };
    heads.forEach((head, place) => {
      if (COLUMNS[place] === column) head.setAttribute("aria-sort", sort.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    filter();
  }
  function page(start) {
    first = Math.max(0, Math.min(start, list.length - 1));
    first -= first % PAGE;
    drawRows();
    box.scrollTop = 0;
  }
  function drawRows() {
    const focused = root.contains(document.activeElement) && body.contains(document.activeElement);
    const shown = list.slice(first, first + PAGE);
    table.setAttribute("aria-rowcount", list.length + 1);
    body.replaceChildren(...shown.map((place, nth) => {
      const row = rows[place];
      const tick = make("input", { type: "checkbox", tabindex: -1, "aria-label": `Tick ${row.called}`, onchange: () => { tick.checked ? ticked.add(row.id) : ticked.delete(row.id); drawTicked(); } });
      tick.checked = ticked.has(row.id);
      const cells = COLUMNS.map((column, which) => make(which ? "td" : "th", { scope: which ? null : "row", class: classOf(column), text: cellOf(row, column) }));
      const known = stateOf(row);
      const line = make("tr", {
        "data-id": row.id, tabindex: -1, "aria-rowindex": first + nth + 2, "aria-selected": String(row.id === current),
        "data-decided": Boolean(known.decision), onclick: (event) => { if (event.target !== tick) choose(row.id); },
      }, make("td", {}, tick), ...cells);
      return line;
    }));
    const active = body.querySelector('[aria-selected="true"]') ?? body.firstElementChild;
    active?.setAttribute("tabindex", "0");
    if (focused) focusRow();
    pager.hidden = list.length <= PAGE;
    back.disabled = first === 0;
    on.disabled = first + PAGE >= list.length;
    drawTicked();
  }
  function drawTicked() {
    tickedWords.textContent = ticked.size ? `${ticked.size} ticked` : "";
    writeAll.textContent = `Write it down for the ${ticked.size} ticked`;
    writeAll.hidden = ticked.size < 2;
    beside.disabled = ticked.size < 2 || ticked.size > 3;
    untick.disabled = !ticked.size;
    if (ticked.size < 2 && card.classList.contains("cb-several") && current) askCard();
  }
  function focusRow() {
    const row = body.querySelector('[tabindex="0"]');
    if (!row) return;
    row.focus({ preventScroll: true });
    const top = row.offsetTop - table.tHead.offsetHeight, bottom = row.offsetTop + row.offsetHeight;
    if (top < box.scrollTop) box.scrollTop = top;
    if (bottom > box.scrollTop + box.clientHeight) box.scrollTop = bottom - box.clientHeight;
  }
  /* Another creator: their row, at once; their card when it has come. */
  function choose(account, shown) {
    current = account;
    const place = list.indexOf(at.get(account));
    if (place >= 0 && (place < first || place >= first + PAGE)) { first = place - (place % PAGE); drawRows(); }
    for (const row of body.rows) {
      const own = row.dataset.id === account;
      row.setAttribute("aria-selected", String(own));
      row.setAttribute("tabindex", own ? "0" : "-1");
    }
    pick(null);
    focusRow();
    if (shown?.account === account) showCard(shown);
    else askCard();
  }
  function askCard() {
    cardAsked = current;
    ask("card", { account: current }, (answer) => { if (answer.account === cardAsked && answer.account === current) showCard(answer); });
  }
  function showCard(answer) {
    put(answer.html);
    compared(false);
    card.scrollTop = 0;
    priceWords.textContent = answer.price;
    offered.control.value = states[answer.account]?.offered ?? "";
    orders.control.value = "";
    marks.forEach((one) => { one.control.value = answer.marks[one.name] === undefined ? "" : String(Math.round(answer.marks[one.name])); });
    ownWords.control.value = answer.marks.own_words ?? "";
    note.control.value = "";
    clearTimeout(resting);
    resting = setTimeout(() => { // the next card is made while this one is read
      const next = rows[list[list.indexOf(at.get(current)) + 1]];
      if (next) ask("ahead", { account: next.id });
    }, REST);
  }
  function compare() {
    ask("cards", { accounts: [...ticked] }, (answer) => {
      put(answer.cards.map((html) => `<div>${html}</div>`).join(""));
      compared(true);
    });
  }
  /* The page shows cards too: here they are no further landmarks of it. */
  function put(html) {
    card.innerHTML = html;
    card.querySelectorAll(".cb-card").forEach((one) => one.setAttribute("role", "group"));
  }
  /* Whoever sees two cards decides on both: that of the chosen row is not there. */
  function compared(several) {
    card.classList.toggle("cb-several", several);
    write.hidden = several;
  }
  const shownNow = () => (card.classList.contains("cb-several") ? [...ticked] : [current]);
  const step = (by) => {
    const place = list.indexOf(at.get(current)) + by;
    if (list.length) choose(rows[list[Math.max(0, Math.min(place, list.length - 1))]].id);
  };

  // deciding
  const option = (group, words, value, hint, onchange) => {
    const input = make("input", { type: "radio", name: `${id}-${group}`, value, onchange });
    return make("label", {}, input, make("span", { text: words }), hint && make("kbd", { text: hint }));
  };
  choice.append(...decisions.map((one) => option("choice", one.decision, one.decision, one.key, () => pick(one.decision))));
  function pick(wanted) {
    decision = decisions.find((one) => one.decision === wanted) ?? null;
    choice.querySelectorAll("input").forEach((input) => { input.checked = input.value === wanted; });
    reason.replaceChildren(...(decision ? decision.reasons.map((words, nth) => option("reason", words, words, nth < 9 ? String(nth + 1) : "")) : [make("span", { class: "cb-help", text: "The reasons come with the decision." })]));
  }
  const reasonChosen = () => reason.querySelector("input:checked")?.value ?? null;
  function decide(accounts) {
    accounts = accounts.filter(Boolean);
    if (!signed()) return;
    if (!accounts.length) return say("Nothing was written: choose a creator first.", "fault");
    if (!decision) return (say("Nothing was written: choose a decision.", "fault"), choice.querySelector("input").focus());
    if (!reasonChosen()) return (say("Nothing was written: choose a reason.", "fault"), reason.querySelector("input").focus());
    const place = list.indexOf(at.get(current));
    const next = accounts.length === 1 && place >= 0 ? rows[list[Math.min(place + 1, list.length - 1)]].id : current;
    ask("decide", { accounts, decision: decision.decision, reason: reasonChosen(), note: note.control.value, next }, (answer) => {
      undone = accounts;
      takeBack.hidden = decision?.undo ?? true;
      if (accounts.length > 1) ticked.clear();
      filter();
      choose(list.includes(at.get(next)) ? next : rows[list[0]]?.id ?? next, answer.card);
    });
  }
  function undo() {
    const back = decisions.find((one) => one.undo);
    ask("decide", { accounts: undone, decision: back.decision, reason: back.reasons[0], note: "", next: undone[0] }, (answer) => {
      takeBack.hidden = true;
      filter();
      choose(undone[0], answer.card);
    });
  }
  function offer() {
    if (!signed()) return;
    ask("offer", { account: current, offered: offered.control.value, note: "" });
  }
  function mark() {
    if (!signed()) return;
    ask("mark", { account: current, marks: Object.fromEntries(marks.map((one) => [one.name, one.control.value])), note: ownWords.control.value });
  }

  let typing = null;
  for (const one of [offered, orders]) one.control.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => ask("price", { account: current, offered: offered.control.value, orders: orders.control.value }, (answer) => {
      if (answer.account === current) priceWords.textContent = answer.price;
    }), REST);
  });
  search.control.addEventListener("input", filter);
  /* With two people who judge alone, nobody sees the other's word here, so the tick of one's own is on and stays so. */
  const showEachAlone = () => {
    both.checked = model.get("each_alone");
    alone.disabled = both.checked;
    alone.checked ||= both.checked;
  };
  const eachAlone = () => {
    const on = both.checked;
    showEachAlone(); // it is what the file says, until the file says otherwise
    ask("each_alone", { on }, (answer) => {
      states = answer.all;
      filter();
      if (current) askCard();
      tell(true); // what is to be hidden is hidden at once
    });
  };
  model.on("change:each_alone", showEachAlone);
  showEachAlone();
  const open = (then) => ask("open", {}, (answer) => { states = answer.all; filter(); then?.(); });
  name.control.addEventListener("input", () => { nameFault.textContent = ""; name.control.removeAttribute("aria-invalid"); });
  for (const control of [alone, name.control]) control.addEventListener("change", () => open(() => { if (current) askCard(); }));
  model.on("msg:custom", (message) => { if (message.changed && !talk.own(message.changed)) open(); });

  // keys
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.tagName !== "TR") return;
    const moves = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1, PageDown: 10, PageUp: -10, Home: -rows.length, End: rows.length };
    const letter = decisions.find((one) => one.key && one.key === event.key);
    if (event.key in moves) step(moves[event.key]);
    else if (event.key === " ") body.querySelector(':scope > [tabindex="0"] input').click();
    else if (event.key === "Enter") choice.querySelector("input").focus();
    else if (letter) { pick(letter.decision); reason.querySelector("input").focus(); }
    else return;
    event.preventDefault();
  });
  deciding.addEventListener("keydown", (event) => {
    if (event.key === "Escape") { focusRow(); return event.preventDefault(); }
    if (event.key === "Enter" && event.target.tagName === "INPUT") { decide(shownNow()); return event.preventDefault(); }
    if (event.target.type !== "radio" || event.ctrlKey || event.metaKey) return;
    const nth = reason.querySelectorAll("input")[Number(event.key) - 1];
    if (/^[1-9]$/.test(event.key) && nth) { nth.checked = true; nth.focus(); event.preventDefault(); }
  });

  pick(null);
  open(() => {
    const start = list.find((place) => !stateOf(rows[place]).decision) ?? list[0];
    if (start === undefined) return;
    current = rows[start].id;
    filter();
    askCard();
  });
}

export default { render };
