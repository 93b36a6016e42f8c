// A form of native controls. Its texts and values come from Python; it asks Python by numbered messages and says
// what came back. A form that nobody answers says that nothing is written.

const PATIENCE = 2000; // ms until the kernel must have said that it heard us
const REST = 60; // ms between two moves of a what-if
const PIECE = 8e6; // bytes of all files of one upload: the server's limit for a message is 10 MB

const SHOWN = /\.(html|pdf)$/; // files that a browser shows; others are saved

const WIDTHS = { shown: 1.4, choice: 1.6 }; // of a column of a table with fixed rows, beside one of text

const percent = (number) => `${Math.round(number * 1000) / 10}%`;
const SIGN = /^\p{Sc}$/u; // of a currency: English writes it in front
const inWords = (field, number) => {
  if (field.unit === "%") return percent(number);
  const written = Number(number).toLocaleString("en-GB", { maximumFractionDigits: 2 });
  return SIGN.test(field.unit) ? `${field.unit}${written}` : `${written} ${field.unit}`.trim();
};

/* One control per kind: {element, read(), write(value)}; `element` is what the label names. */
const CONTROLS = {
  text: (field, id) => {
    const control = plainInput("text", field, id);
    if (!field.options.length) return control;
    const list = make("datalist", { id: `${id}-offered` }, ...field.options.map((one) => make("option", { value: one.value, label: one.words })));
    control.element.setAttribute("list", list.id);
    return { ...control, beside: list };
  },
  shown: (field, id) => {
    const element = make("output", { id, class: "cb-shown" });
    return { element, read: () => element.textContent, write: (value) => { element.textContent = value ?? ""; } };
  },
  day: (field, id) => plainInput("date", field, id),
  number: (field, id) => plainInput("number", field, id, { step: field.step ?? "any" }),
  share: (field, id) => {
    const control = plainInput("number", field, id, {
      step: (field.step ?? 0.001) * 100, min: field.low === null ? null : field.low * 100, max: field.high === null ? null : field.high * 100,
    });
    return {
      ...control,
      read: () => (control.element.value === "" ? null : Math.round(control.element.value * 1e6) / 1e8),
      write: (value) => { control.element.value = value === null || value === undefined ? "" : Math.round(value * 1e6) / 1e4; },
    };
  },
  lines: (field, id) => {
    const element = make("textarea", { id, rows: 3 });
    return { element, read: () => element.value, write: (value) => { element.value = value ?? ""; } };
  },
  slider: (field, id) => {
    const element = make("input", { id, type: "range", min: field.low, max: field.high, step: field.step });
    const shown = make("output", { for: id });
    const tell = () => {
      shown.textContent = inWords(field, Number(element.value));
      element.setAttribute("aria-valuetext", shown.textContent);
    };
    element.addEventListener("input", tell);
    return { element, beside: shown, read: () => Number(element.value), write: (value) => { element.value = value; tell(); } };
  },
  tick: (field, id) => {
    const element = make("input", { id, type: "checkbox" });
    return { element, read: () => element.checked, write: (value) => { element.checked = Boolean(value); } };
  },
  // what may stay open is chosen from a list, because a radio button that is on cannot be turned off
  choice: (field, id) => (field.options.length > 6 || !field.required ? select(field, id) : radios(field, id, "radio")),
  choices: (field, id) => radios(field, id, "checkbox"),
  order: (field, id) => orderOf(field, id),
  rows: (field, id) => rowsOf(field, id),
  upload: (field, id) => {
    const element = make("input", { id, type: "file", multiple: true, accept: field.accept || null });
    return { element, files: () => [...element.files], read: () => null, write: () => { element.value = ""; } };
  },
};

function plainInput(type, field, id, more = {}) {
  const element = make("input", { id, type, min: field.low, max: field.high, autocomplete: "off", ...more });
  return {
    element,
    read: () => (element.value === "" ? null : element.value),
    write: (value) => { element.value = value ?? ""; },
  };
}

function select(field, id) {
  const element = make("select", { id }, make("option", { value: "", text: field.required ? "Please choose …" : "nothing chosen" }),
    ...field.options.map((one) => make("option", { value: one.value, text: one.words })));
  return { element, read: () => element.value || null, write: (value) => { element.value = value ?? ""; } };
}

function radios(field, id, type) {
  const boxes = field.options.map((one, at) => make("input", { type, name: id, id: `${id}-${at}`, value: one.value }));
  const labels = boxes.map((box, at) => make("label", { for: box.id }, box, make("span", { text: field.options[at].words })));
  const element = make("div", { id, role: type === "radio" ? "radiogroup" : "group", class: "cb-options" }, ...labels);
  const many = type === "checkbox";
  return {
    element, group: true,
    read: () => {
      const taken = boxes.filter((box) => box.checked).map((box) => box.value);
      return many ? taken : (taken[0] ?? null);
    },
    write: (value) => boxes.forEach((box) => { box.checked = many ? (value ?? []).includes(box.value) : box.value === value; }),
  };
}

/* Options in an order of preference: what is ticked first stands first, and says so. */
function orderOf(field, id) {
  const control = radios(field, id, "checkbox");
  const boxes = [...control.element.querySelectorAll("input")];
  let taken = [];
  const tell = () => boxes.forEach((box, at) => {
    const place = taken.indexOf(box.value);
    box.checked = place >= 0;
    box.nextElementSibling.textContent = (place >= 0 ? `${place + 1}. ` : "") + field.options[at].words;
  });
  control.element.addEventListener("change", ({ target: box }) => {
    taken = taken.filter((value) => value !== box.value).concat(box.checked ? [box.value] : []);
    tell();
  });
  return { ...control, read: () => [...taken], write: (value) => { taken = [...(value ?? [])]; tell(); } };
}

function rowsOf(field, id) {
  const body = make("div", { class: "cb-rows" });
  const rows = [];
  let made = 0;
  const add = (values) => {
    const number = ++made;
    const controls = field.columns.map((column) => ({ column, control: CONTROLS[column.kind](column, `${id}-${number}-${column.name}`) }));
    const remove = make("button", { type: "button", class: "cb-small", text: "Remove", "aria-label": `Remove row ${number} of ${field.label}`, onclick: () => {
      rows.splice(rows.indexOf(row), 1);
      row.element.remove();
      body.dispatchEvent(new Event("change", { bubbles: true }));
      adder.focus();
    } });
    const cells = controls.map(({ column, control }) =>
      make("div", { class: `cb-cell cb-cell-${column.kind}` }, make("label", { for: control.element.id, text: column.label }), control.element, control.beside, column.unit && make("span", { class: "cb-unit", text: column.unit })));
    const row = { controls, element: make("div", { class: "cb-row", role: "group", "aria-label": `${field.label}, row ${number}` }, ...cells, !field.fixed && remove) };
    controls.forEach(({ column, control }) => control.write(values?.[column.name] ?? column.value));
    rows.push(row);
    body.append(row.element);
    return row;
  };
  const adder = make("button", { type: "button", class: "cb-small", text: "Add a row", "aria-label": `Add a row to ${field.label}`, onclick: () =>
    add().controls[0]?.control.element.focus() });
  const columns = field.columns.map((column) => `minmax(0, ${WIDTHS[column.kind] ?? 1}fr)`).join(" ");
  const heads = make("div", { class: "cb-row cb-heads", "aria-hidden": "true" }, ...field.columns.map((column) => make("span", { text: column.label })));
  const element = make("div", { id, role: "group", class: field.fixed ? "cb-list cb-fixed" : "cb-list", style: `--cb-columns: ${columns}` }, field.fixed && heads, body, !field.fixed && adder);
  return {
    element, group: true,
    read: () => rows.map((row) => Object.fromEntries(row.controls.map(({ column, control }) => [column.name, control.read()]))),
    write: (value) => { rows.splice(0).forEach((row) => row.element.remove()); (value ?? []).forEach(add); },
  };
}

/* A file in a tab of its own, or saved. A page is shown in a frame that can reach nothing of JupyterLab. */
function showFile(tab, name, content) {
  const type = name.endsWith(".pdf") ? "application/pdf" : "application/octet-stream";
  if (tab && name.endsWith(".html")) {
    tab.document.title = name;
    tab.document.body.style.margin = "0";
    const frame = tab.document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-popups allow-scripts");
    frame.title = name;
    frame.style.cssText = "border:0;width:100vw;height:100vh;display:block";
    frame.srcdoc = new TextDecoder().decode(content);
    tab.document.body.append(frame);
    return;
  }
  const address = URL.createObjectURL(new Blob([content], { type }));
  if (tab) tab.location = address;
  else make("a", { href: address, download: name }).click();
}

/* The label, the control, its unit, its help and what is wrong with it. */
function question(field, id) {
  const control = CONTROLS[field.kind](field, id);
  const help = make("p", { id: `${id}-help`, class: "cb-help", text: field.off || field.help });
  const fault = make("p", { id: `${id}-fault`, class: "cb-fault" });
  const label = control.group ? make("span", { id: `${id}-label`, class: "cb-question" }) : make("label", { for: id, class: "cb-question" });
  label.textContent = field.label;
  if (field.term) label.dataset.term = field.term; // what JupyterLab's extension puts a “?” beside
  const settled = field.kind === "choice" && field.value !== null; // it can be another one, but not none
  if (field.required && !settled) label.append(make("span", { class: "cb-required", text: " (needed)" }));
  if (control.group) control.element.setAttribute("aria-labelledby", label.id);
  control.element.setAttribute("aria-describedby", `${help.id} ${fault.id}`);
  const awake = (on) => {
    help.textContent = on ? field.help : field.off || field.help;
    for (const one of [control.element, ...control.element.querySelectorAll("input,select,button")]) one.disabled = !on;
  };
  awake(!field.off);
  const remembered = field.lasting ? window.localStorage?.getItem(`creatorbook:${field.name}`) : null;
  let stood = null; // what was put there, before a person wrote
  const value = () => JSON.stringify(control.read());
  const put = (given) => { control.write(given); stood = value(); };
  put(field.value ?? remembered ?? null);
  const line = make("div", { class: "cb-control" }, control.element, control.beside, field.unit && field.kind !== "slider" && make("span", { class: "cb-unit", text: field.unit }));
  const element = make("div", { class: `cb-field cb-${field.kind}` }, label, line, (field.help || field.off) && help, fault);
  return {
    field, control, element, awake, put,
    untouched: () => value() === stood,
    blame: (words) => {
      fault.textContent = words ?? "";
      control.element.toggleAttribute("aria-invalid", Boolean(words));
      if (words) control.element.setAttribute("aria-invalid", "true");
    },
  };
}

function render({ model, el }) {
  const id = `cb-form-${Math.random().toString(36).slice(2)}`; // every form loads this file anew: a count would start anew
  let questions = [];
  let turn = 0; // only what was asked last is shown
  let flying = false; // a move whose answer is not here yet
  let moved = false; // and another since
  let pressed = false; // an act whose answer is not here yet
  let resting = null; // until a move is asked
  const body = make("div", { class: "cb-fields" });
  const status = make("p", { class: "cb-status", role: "status", "aria-live": "polite" });
  const result = make("div", { class: "cb-result" });
  const offered = make("div", { class: "cb-files" });
  const buttons = make("div", { class: "cb-buttons" });
  // a page may ask “What if?” twice: each is told by what it begins with
  const named = model.get("live") ? { "aria-label": `${model.get("title")} ${model.get("fields")[0]?.label ?? ""}` } : { "aria-labelledby": `${id}-title` };
  const root = make("form", { class: "cb-form", ...named, novalidate: true, onsubmit: (event) => event.preventDefault() },
    make(`h${model.get("level")}`, { id: `${id}-title`, text: model.get("title") }), model.get("intro") && make("p", { text: model.get("intro") }),
    make("div", { class: "cb-asked" }, body, buttons, status), offered, result);
  el.replaceChildren(root);
  el.classList.add("cb-place");
  root.classList.toggle("cb-live", model.get("live") && model.get("buttons").every((button) => button.kind === "look"));
  leaveKeysAlone(root);

  const say = (words, kind = "") => { status.textContent = words; status.dataset.kind = kind; };
  const drawFields = () => {
    questions = model.get("fields").map((field, at) => question(field, `${id}-${at}`));
    const groups = new Map();
    body.replaceChildren(...questions.flatMap((one) => {
      const { group } = one.field;
      if (!group) return [one.element];
      const first = !groups.has(group);
      if (first) groups.set(group, make("div", { class: "cb-fields" }));
      groups.get(group).append(one.element);
      return first ? [make("details", { class: "cb-group" }, make("summary", { text: group }), groups.get(group))] : [];
    }));
    wake();
  };
  // a control that is off until a tick says otherwise
  const wake = () => questions.filter(({ field }) => field.wakes_with).forEach((one) =>
    one.awake(Boolean(questions.find(({ field }) => field.name === one.field.wakes_with)?.control.read())));
  root.addEventListener("input", () => wake());
  const drawFiles = () => offered.replaceChildren(...model.get("files").map((name) =>
    make("button", { type: "button", class: "cb-small", text: `Open ${name}`, onclick: () => open(name) })));
  const drawResult = () => { result.innerHTML = model.get("html"); };
  // said, not set: a button that is disabled loses the focus, and whoever uses keys their place
  const busy = (on) => {
    pressed = on;
    root.toggleAttribute("data-asking", on);
    buttons.querySelectorAll("button").forEach((one) => one.setAttribute("aria-disabled", on));
  };
  const rest = () => { busy(false); flying = moved = false; };
  const talk = conversation(model, {
    patience: PATIENCE,
    silent: () => { rest(); say("No answer yet: the notebook is still at work, or its kernel has ended. Nothing is written until this line says so.", "late"); },
    ended: () => { rest(); say("The notebook's kernel has ended: what this form did not confirm is not written. Run the notebook again.", "fault"); },
  });

  const values = async () => {
    const buffers = [];
    const entered = {};
    for (const { field, control } of questions) {
      if (!control.files) { entered[field.name] = control.read(); continue; }
      entered[field.name] = [];
      for (const file of control.files()) {
        entered[field.name].push({ name: file.name, buffer: buffers.length });
        buffers.push(await file.arrayBuffer());
      }
    }
    const size = buffers.reduce((sum, one) => sum + one.byteLength, 0);
    if (size > PIECE) throw new Error(`These files have ${(size / 1e6).toFixed(1)} MB, and ${PIECE / 1e6} MB go through a form at once. Send fewer at a time, or put large ones into the client's folder exports.`);
    return { entered, buffers };
  };

  const ask = async (press) => {
    let sent;
    try { sent = await values(); } catch (error) { say(error.message, "fault"); return; }
    questions.forEach((one) => {
      one.blame("");
      if (one.field.lasting) window.localStorage?.setItem(`creatorbook:${one.field.name}`, one.control.read() ?? "");
    });
    if (press !== null) { clearTimeout(resting); busy(true); say("…"); }
    [flying, moved] = [press === null, false];
    const asked = ++turn;
    talk.ask({ press, values: sent.entered }, (answer) => { if (asked === turn) show(answer); }, sent.buffers);
  };

  const open = (name) => {
    const tab = SHOWN.test(name) ? window.open("", "_blank") : null; // while the click counts, or it is taken for a pop-up
    talk.ask({ open: name }, (answer, buffers) => {
      if (answer.ok) return showFile(tab, answer.file, buffers[0]);
      tab?.close();
      say(answer.words, "fault");
    });
  };

  const written = () => root.dispatchEvent(new CustomEvent("creatorbook:written", { bubbles: true }));
  model.on("msg:custom", (message) => {
    if (message.tell !== undefined) { // told while an act goes on
      say(message.tell, message.kind);
      if (message.written) written();
    }
    if (message.changed !== undefined && !talk.own(message.changed)) { // written in another tab that shows this form
      questions.filter((one) => one.field.name in message.values && one.untouched()).forEach((one) => one.put(message.values[one.field.name]));
      say(`In another tab: ${message.words}`);
    }
  });
  const show = (message) => {
    const again = moved;
    if (flying && again) { ask(null); return; }
    flying = moved = false;
    busy(false);
    say(message.words, message.ok ? "done" : "fault");
    questions.forEach((one) => one.blame(message.faults[one.field.name]));
    for (const [name, value] of Object.entries(message.values ?? {})) questions.find((one) => one.field.name === name)?.put(value);
    const first = questions.find((one) => message.faults[one.field.name]);
    first?.element.closest("details")?.setAttribute("open", "");
    if (first) (first.control.element.querySelector?.("input,select,textarea,button") ?? first.control.element).focus();
    if (message.written) written();
    if (again) ask(null); // moved after the button was pressed
  };
  model.on("change:fields", drawFields);
  model.on("change:html", drawResult);
  model.on("change:files", drawFiles);

  result.addEventListener("click", (event) => {
    const { open: path, client: folder } = event.target.closest("[data-open], [data-client]")?.dataset ?? {};
    if (path || folder) root.dispatchEvent(new CustomEvent("creatorbook:open", { bubbles: true, detail: { path, folder } }));
  });
  buttons.append(...model.get("buttons").map((button) =>
    make("button", { type: "button", class: `cb-${button.kind}`, text: button.words, onclick: ({ currentTarget }) => currentTarget.ariaDisabled === "true" || ask(button.words) })));
  if (model.get("live")) {
    // one question at a time: what a slider passed on its way is not asked
    const move = () => { if (flying || pressed) moved = true; else ask(null); };
    root.addEventListener("input", () => { clearTimeout(resting); resting = setTimeout(move, REST); });
  }
  drawFields();
  drawResult();
  drawFiles();
  say(model.get("words"));
}

export default { render };
