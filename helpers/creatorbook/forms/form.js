// A form of native controls. Its texts and values come from Python; it asks Python by numbered messages and says
// what came back. A form that nobody answers says that nothing is written.

const PATIENCE = 2000; // ms until the kernel must have said that it heard us
const REST = 60; // ms between two moves of a what-if
const PIECE = 8e6; // bytes of all files of one upload: the server's limit for a message is 10 MB

let forms = 0;

const percent = (number) => `${Math.round(number * 1000) / 10} %`;
const inWords = (field, number) =>
  field.unit === "%" ? percent(number) : `${Number(number).toLocaleString("en-GB", { maximumFractionDigits: 2 })} ${field.unit}`.trim();

/* One control per kind: {element, read(), write(value)}; `element` is what the label names. */
const CONTROLS = {
  text: (field, id) => plainInput("text", field, id),
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
  choice: (field, id) => (field.options.length > 6 ? select(field, id) : radios(field, id, "radio")),
  choices: (field, id) => radios(field, id, "checkbox"),
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
  const element = make("select", { id }, make("option", { value: "", text: "Please choose …" }),
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
      make("div", { class: "cb-cell" }, make("label", { for: control.element.id, text: column.label }), control.element, column.unit && make("span", { class: "cb-unit", text: column.unit })));
    const row = { controls, element: make("div", { class: "cb-row", role: "group", "aria-label": `${field.label}, row ${number}` }, ...cells, remove) };
    controls.forEach(({ column, control }) => control.write(values?.[column.name] ?? column.value));
    rows.push(row);
    body.append(row.element);
    return row;
  };
  const adder = make("button", { type: "button", class: "cb-small", text: "Add a row", "aria-label": `Add a row to ${field.label}`, onclick: () =>
    add().controls[0]?.control.element.focus() });
  const element = make("div", { id, role: "group", class: "cb-list" }, body, adder);
  return {
    element, group: true,
    read: () => rows.map((row) => Object.fromEntries(row.controls.map(({ column, control }) => [column.name, control.read()]))),
    write: (value) => { rows.splice(0).forEach((row) => row.element.remove()); (value ?? []).forEach(add); },
  };
}

/* The label, the control, its unit, its help and what is wrong with it. */
function question(field, id) {
  const control = CONTROLS[field.kind](field, id);
  const help = make("p", { id: `${id}-help`, class: "cb-help", text: field.off || field.help });
  const fault = make("p", { id: `${id}-fault`, class: "cb-fault" });
  const label = control.group ? make("span", { id: `${id}-label`, class: "cb-question" }) : make("label", { for: id, class: "cb-question" });
  label.textContent = field.label;
  if (field.required) label.append(make("span", { class: "cb-required", text: " (needed)" }));
  if (control.group) control.element.setAttribute("aria-labelledby", label.id);
  control.element.setAttribute("aria-describedby", `${help.id} ${fault.id}`);
  if (field.off) control.element.querySelectorAll("input,select,button").forEach((one) => { one.disabled = true; });
  if (field.off) control.element.disabled = true;
  const remembered = field.lasting && window.localStorage?.getItem(`creatorbook:${field.name}`);
  control.write(field.value ?? remembered ?? null);
  const line = make("div", { class: "cb-control" }, control.element, control.beside, field.unit && field.kind !== "slider" && make("span", { class: "cb-unit", text: field.unit }));
  const element = make("div", { class: `cb-field cb-${field.kind}` }, label, line, help.textContent && help, fault);
  return {
    field, control, element,
    blame: (words) => {
      fault.textContent = words ?? "";
      control.element.toggleAttribute("aria-invalid", Boolean(words));
      if (words) control.element.setAttribute("aria-invalid", "true");
    },
  };
}

function render({ model, el }) {
  const id = `cb-form-${++forms}`;
  let questions = [];
  let number = 0;
  let waiting = null;
  const body = make("div", { class: "cb-fields" });
  const status = make("p", { class: "cb-status", role: "status", "aria-live": "polite" });
  const result = make("div", { class: "cb-result" });
  const buttons = make("div", { class: "cb-buttons" });
  const root = make("form", { class: "cb-form", "aria-labelledby": `${id}-title`, novalidate: true, onsubmit: (event) => event.preventDefault() },
    make("h3", { id: `${id}-title`, text: model.get("title") }), model.get("intro") && make("p", { text: model.get("intro") }), body, buttons, status, result);
  el.replaceChildren(root);
  leaveKeysAlone(root);

  const say = (words, kind = "") => { status.textContent = words; status.dataset.kind = kind; };
  const drawFields = () => {
    questions = model.get("fields").map((field, at) => question(field, `${id}-${at}`));
    body.replaceChildren(...questions.map((one) => one.element));
  };
  const drawResult = () => { result.innerHTML = model.get("html"); };
  const busy = (on) => buttons.querySelectorAll("button").forEach((one) => { one.disabled = on; });
  const stopWaiting = () => { clearTimeout(waiting); waiting = null; };

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
    stopWaiting();
    waiting = setTimeout(() => { busy(false); say("No answer yet: the notebook is still at work, or its kernel has ended. Nothing is written until this line says so.", "fault"); }, PATIENCE);
    if (press !== null) { busy(true); say("…"); }
    try { model.send({ ask: ++number, press, values: sent.entered }, undefined, sent.buffers); }
    catch { stopWaiting(); busy(false); say("The notebook's kernel has ended: nothing was written. Run the notebook again.", "fault"); }
  };

  model.on("msg:custom", (message) => {
    if (message.heard === number) { stopWaiting(); return; }
    if (message.answer !== number) return;
    stopWaiting();
    busy(false);
    say(message.words, message.ok ? "done" : "fault");
    questions.forEach((one) => one.blame(message.faults[one.field.name]));
    for (const [name, value] of Object.entries(message.values ?? {})) questions.find((one) => one.field.name === name)?.control.write(value);
    const first = questions.find((one) => message.faults[one.field.name]);
    if (first) (first.control.element.querySelector?.("input,select,textarea,button") ?? first.control.element).focus();
    if (message.written) root.dispatchEvent(new CustomEvent("creatorbook:written", { bubbles: true }));
  });
  model.on("change:fields", drawFields);
  model.on("change:html", drawResult);
  model.on("comm_live_update", () => { stopWaiting(); busy(false); say("The notebook's kernel has ended: what this form did not confirm is not written. Run the notebook again.", "fault"); });

  buttons.append(...model.get("buttons").map((button) =>
    make("button", { type: "button", class: `cb-${button.kind}`, text: button.words, onclick: () => ask(button.words) })));
  if (model.get("live")) {
    let timer = null;
    root.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(() => ask(null), REST); });
  }
  drawFields();
  drawResult();
  say(model.get("words"));
}

export default { render };
