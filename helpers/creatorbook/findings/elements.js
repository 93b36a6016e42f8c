// What every form is made of: elements, keys that stay in the form, and a conversation with Python.

const make = (tag, attributes = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter(Boolean));
  return element;
};

/* JupyterLab's one-letter commands leave a focused element alone that says so. */
const leaveKeysAlone = (root) =>
  root.addEventListener("focusin", (event) => event.target.setAttribute("data-lm-suppress-shortcuts", "true"));

/* Questions to Python, each with its own number, and what to do with the answer; `silent` is told where none comes. */
const conversation = (model, { patience, silent, ended }) => {
  const tab = Math.random().toString(36).slice(2);
  const waiting = new Map();
  let number = 0;
  const settle = (asked) => { clearTimeout(waiting.get(asked)?.timer); };
  model.on("msg:custom", (message, buffers) => {
    settle(message.heard ?? message.answer);
    const answered = waiting.get(message.answer);
    waiting.delete(message.answer);
    answered?.then(message, buffers);
  });
  model.on("comm_live_update", () => { [...waiting.keys()].forEach(settle); waiting.clear(); ended(); });
  const ask = (question, then, buffers) => {
    const asked = `${tab}-${++number}`;
    waiting.set(asked, { then, timer: setTimeout(silent, patience) });
    try { model.send({ ask: asked, ...question }, undefined, buffers); } catch { settle(asked); waiting.delete(asked); ended(); }
  };
  return { ask, own: (asked) => String(asked).startsWith(`${tab}-`) };
};

