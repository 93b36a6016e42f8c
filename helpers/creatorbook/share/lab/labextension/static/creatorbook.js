// What JupyterLab does for the workbook in the browser. Written by hand: there is no build step, so this is what is
// loaded. package.json beside it names it with a hash of its text, so that no browser keeps an old one.
(() => {
  const NAME = "creatorbook-lab";
  // Keys of the whole application, with Ctrl or Cmd: save, find, next match, print, side bars, palette and launcher.
  const EVERYWHERE = /^[sfgpbjcl]$/i;

  let shared;
  const load = async (module) => (await Object.values(shared[module])[0].get())();

  /**
   * anywidget gives a form two seconds to load. On a busy computer it takes longer, and is drawn all the same, but such a
   * form would never hear an answer: its acts would be done, and it would say that nothing is written.
   */
  function waitForForms() {
    const SHORT = 2000, PATIENT = 120_000;
    const signal = AbortSignal.timeout.bind(AbortSignal);
    AbortSignal.timeout = (time) => signal(time === SHORT ? PATIENT : time);
  }

  const comers = []; // [selector, what is done with such an element]
  /** Do something with every element of a kind that the page has, and with each that comes later or is given another text. */
  function whenThere(selector, act) {
    if (!comers.length)
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) {
            const isText = node.nodeType === Node.TEXT_NODE;
            const element = isText ? node.parentElement : node;
            for (const [sort, meet] of comers) {
              if (element?.matches?.(sort)) meet(element);
              if (!isText) element.querySelectorAll?.(sort).forEach(meet);
            }
          }
      }).observe(document.body, { childList: true, subtree: true });
    comers.push([selector, act]);
    document.querySelectorAll(selector).forEach(act);
  }

  /** In a form a key is the form's: the notebook's one-letter commands must not see it. */
  function keepKeysInForms() {
    const own = "data-lm-suppress-shortcuts";
    const decide = (event) => {
      if (!event.target.closest?.(".cb-form")) return;
      const everywhere = (event.ctrlKey || event.metaKey) && EVERYWHERE.test(event.key);
      if (everywhere) event.target.removeAttribute(own);
      else event.target.setAttribute(own, "true");
    };
    // on the window, because that comes before the document, where JupyterLab listens
    window.addEventListener("keydown", decide, true);
  }

  /** On a dark page a chart is a sheet of paper: its colours were chosen, and told apart by every reader, on white. One
      that is drawn in the page's own colours has lines around its bars, for a client's colour may be as dark as the page. */
  function chartsOnPaper() {
    const style = document.createElement("style");
    style.textContent = `
      [data-jp-theme-light=false] :is(
        .jp-OutputArea-child:has(.cb-chart-title) + .jp-OutputArea-child .jp-RenderedImage img, .cb-answer figure:has(img)
      ) { box-sizing: border-box; padding: 14px 18px; border-radius: 8px; background: #fff; color: #22313f; }
      [data-jp-theme-light=false] .cb-steps rect { stroke: currentColor; stroke-width: 0.75; }`;
    document.head.append(style);
  }

  /**
   * What a figure, a column or a field means, beside it: by pointing at it, or by reaching it with Tab. It stays while
   * either does, also when the pointer goes into it, and goes with Escape (WCAG 1.4.13).
   */
  function explainTerms(definitions) {
    const TERMS = ".cb-figure[data-term], .cb-table [data-term], .cb-table th[title], .cb-question[data-term]";
    const style = document.createElement("style");
    style.textContent = `
      .cb-term { text-decoration: underline dotted; text-underline-offset: 3px; cursor: help; }
      .cb-figure.cb-term { text-decoration: none; }
      .cb-figure.cb-term .cb-label { text-decoration: underline dotted; text-underline-offset: 3px; }
      .cb-question:has(+ button.cb-term) { display: inline-block; }
      .cb-term:focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 2px; }
      .cb-form button.cb-term { margin-left: .4rem; padding: 0 .4rem; border-radius: 50%; text-decoration: none; font-size: .8em; }
      #cb-definition { position: fixed; z-index: 10000; box-sizing: border-box; width: min(24rem, calc(100vw - 16px)); max-height: 60vh; overflow: auto; padding: .6rem .8rem; border: 1px solid var(--jp-border-color0); border-radius: 6px; background: var(--jp-layout-color1); color: var(--jp-ui-font-color0); font: 13px/1.45 var(--jp-ui-font-family); box-shadow: 0 2px 8px rgb(0 0 0 / 30%); }
      #cb-definition[hidden] { display: none; }
      #cb-definition p { margin: .2rem 0; }`;
    document.head.append(style);
    const box = document.createElement("div");
    box.id = "cb-definition";
    box.setAttribute("role", "tooltip");
    box.hidden = true;
    document.body.append(box);

    /** Make a term one that can be reached; its `title` becomes the source that is shown. */
    const mark = (element) => {
      const title = element.title;
      if (element.matches(".cb-question")) {
        if (element.nextSibling?.className === "cb-term") return;
        const ask = document.createElement("button");
        Object.assign(ask, { type: "button", className: "cb-term", textContent: "?" });
        ask.setAttribute("aria-label", "What does this mean?"); // the field's own label stays the only one of its words
        ask.dataset.term = element.dataset.term;
        element.after(ask);
        return;
      }
      element.classList.add("cb-term");
      if (title) {
        element.dataset.more = title;
        element.removeAttribute("title");
      }
      if (element.matches(".cb-figure")) {
        element.setAttribute("role", "group");
        element.setAttribute("aria-label", element.querySelector(".cb-label")?.textContent ?? "");
      }
      if (!element.querySelector("button")) element.tabIndex = 0; // a heading that sorts has a button to stand on
    };
    whenThere(TERMS, mark);

    let term = null;
    let described = null;
    let leaving = null;
    const line = (words, tag = "p") => Object.assign(document.createElement(tag), { textContent: words });
    const place = () => {
      const at = term.getBoundingClientRect();
      const below = at.bottom + 6 + box.offsetHeight < window.innerHeight;
      box.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - box.offsetWidth - 8))}px`;
      box.style.top = `${below ? at.bottom + 6 : Math.max(8, at.top - box.offsetHeight - 6)}px`;
    };
    const hide = () => {
      clearTimeout(leaving);
      described?.removeAttribute("aria-describedby");
      term = described = null;
      box.hidden = true;
    };
    const show = (element, focused) => {
      clearTimeout(leaving);
      if (term === element) return;
      hide();
      const known = definitions[element.dataset.term];
      const { more } = element.dataset;
      const parts = known ? [line(known.term, "strong"), line(known.means), line(`How it is worked out: ${known.formula}`)] : [];
      if (element.matches(".cb-figure")) parts.push(line(`Where it comes from: ${more || known.source}`));
      else if (known) parts.push(...(more ? [line(more)] : []), line(`Where it comes from: ${known.source}`));
      else parts.push(line(more));
      box.replaceChildren(...parts);
      box.hidden = false;
      term = element;
      described = focused ?? element;
      described.setAttribute("aria-describedby", box.id);
      place();
    };
    const stands = () => term && term.contains(document.activeElement);
    document.addEventListener("mouseover", ({ target }) => {
      const element = target.closest?.(".cb-term");
      if (element) show(element);
      else if (box.contains(target)) clearTimeout(leaving);
      else if (term && !stands()) {
        clearTimeout(leaving);
        leaving = setTimeout(hide, 250);
      }
    });
    document.addEventListener("focusin", ({ target }) => {
      const element = target.closest?.(".cb-term");
      if (element) show(element, target);
      else if (!box.contains(target)) hide();
    });
    window.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || box.hidden) return;
      hide();
      event.stopPropagation();
    }, true);
    window.addEventListener("scroll", () => term && (term.isConnected ? place() : hide()), true);
  }

  /**
   * A form or a whole table that a page asked for in vain. A living kernel can make it again; what the cell says in its
   * place stands there meanwhile, and stays in a notebook that was saved and whose kernel is gone.
   */
  function standInForLostForms(app, revive) {
    const LOST = "Error displaying widget";
    const saved = (node) => {
      for (const panel of app.shell.widgets("main"))
        for (const cell of panel.content?.widgets ?? [])
          if (cell.outputArea?.node.contains(node)) {
            const place = [...cell.outputArea.node.children].findIndex((output) => output.contains(node));
            return cell.outputArea.model.get(place)?.data["text/plain"];
          }
    };
    whenThere(".jupyter-widgets", (place) => {
      if (place.childElementCount || !place.textContent.startsWith(LOST)) return;
      revive(place);
      place.textContent = saved(place) ?? "Run this notebook to see what stands here.";
    });
  }

  /**
   * Folded code is three quiet dots, reached by Tab and opened by Enter. The buttons that move and delete a cell are not
   * there: JupyterLab's setting that turns them off comes too late for the first one.
   */
  function quietFoldedCode() {
    const style = document.createElement("style");
    style.textContent = `
      .jp-cell-toolbar { display: none; }
      .jp-InputPlaceholder { min-height: 0; padding: 0; opacity: 0.5; }
      .jp-InputPlaceholder:hover, .jp-InputPlaceholder:focus { opacity: 1; }
      .jp-InputPlaceholder .jp-Placeholder-content { background: none; border: none; padding: 0; }
      .jp-InputPlaceholder .jp-PlaceholderText { display: none; }`;
    document.head.append(style);
    whenThere(".jp-InputPlaceholder", (placeholder) => {
      placeholder.tabIndex = 0;
      placeholder.setAttribute("role", "button");
      placeholder.setAttribute("aria-label", "Show the code of this cell");
    });
    window.addEventListener("keydown", (event) => {
      const folded = event.target.matches?.(".jp-InputPlaceholder");
      if (!folded || (event.key !== "Enter" && event.key !== " ")) return;
      event.preventDefault();
      event.stopPropagation();
      event.target.querySelector(".jp-Placeholder-content").click();
    }, true);
  }

  /** JupyterLab draws a picture without its words; they stand beside it in the output. */
  function describePictures(app) {
    whenThere(".jp-RenderedImage img", (picture) => {
      const child = picture.closest(".jp-OutputArea-child");
      const node = picture.closest(".jp-Cell");
      const panel = [...app.shell.widgets("main")].find((one) => one.node.contains(node));
      const cell = panel?.content?.widgets?.find((one) => one.node === node);
      const place = [...(child?.parentElement.querySelectorAll(":scope > .jp-OutputArea-child") ?? [])].indexOf(child);
      const output = place < 0 ? null : cell?.outputArea?.model.get(place);
      picture.alt = output?.metadata["image/png"]?.alt ?? "";
    });
  }

  /**
   * What an act wrote makes the rest of the page older: it is run again once the person leaves the form, or asks for it.
   * So is every other notebook that is open, once somebody looks at it. A form in which somebody has begun to write is
   * left alone. What is returned runs the cell of a form again that a page asked for in vain.
   */
  function showAnewAfterActs(app, shell, NotebookActions) {
    const writers = new Map(); // a form that wrote → the notebook it stands in
    const older = new Set(); // notebooks that were run before something was written elsewhere
    const panels = () => [...app.shell.widgets("main")].filter((one) => one.content?.widgets && one.sessionContext);
    // nobody has begun to write in it, and no act is under way whose answer it is to show
    const untouched = (cell) =>
      [...cell.node.querySelectorAll(".cb-form")].every(({ dataset }) => !("touched" in dataset || "asking" in dataset));
    const controls = (cell) => [...cell.node.querySelectorAll(".cb-form :is(input, select, textarea, button)")];
    /** A form that was run again is another one: whoever stood in it stands at the same place in the new one. */
    const standAgain = async (cell, place, before) => {
      // the focus of what went is the page's, or JupyterLab gives it to the cell
      for (let turn = 0; turn < 60 && [document.body, cell.node].includes(document.activeElement); turn++) {
        const control = controls(cell)[place];
        if (control && control !== before) return control.focus();
        await new Promise((resume) => setTimeout(resume, 50));
      }
    };
    const runs = new Map(); // the cell that is being run again → when it is done
    const runOne = async (panel, cell) => {
      const focused = document.activeElement;
      const place = cell.node.contains(focused) ? controls(cell).indexOf(focused) : -1;
      const run = NotebookActions.runCells(panel.content, [cell], panel.sessionContext);
      runs.set(cell.node, run);
      const ran = await run;
      runs.delete(cell.node);
      if (place >= 0) standAgain(cell, place, focused);
      return ran;
    };
    /** On a busy computer a page may ask for its forms in vain. Such a cell is run again, once, if it is one's own. */
    const revived = new WeakSet();
    let reviving = Promise.resolve();
    const revive = (place) => {
      const node = place?.closest(".jp-CodeCell");
      const panel = node && panels().find((one) => one.node.contains(node));
      const cell = panel?.content.widgets.find((one) => one.node === node);
      if (!cell?.model.trusted || !panel.sessionContext.session?.kernel || revived.has(cell)) return;
      revived.add(cell);
      reviving = reviving.then(() => runOne(panel, cell));
    };
    const style = document.createElement("style");
    style.textContent = `
      [data-cb-anew]::after { content: "The page is being brought up to date …"; position: absolute; right: 24px; bottom: 12px; z-index: 20; padding: .4rem .8rem; border: 1px solid var(--jp-border-color1); border-radius: 6px; background: var(--jp-layout-color1); color: var(--jp-ui-font-color0); font: 13px/1.45 var(--jp-ui-font-family); pointer-events: none; animation: cb-anew 1s; }
      @keyframes cb-anew { from, 50% { opacity: 0; } to { opacity: 1; } }`;
    document.head.append(style);
    const latest = new WeakMap(); // a notebook → its last run of this kind: an earlier one has nothing left to do
    /** One after another, so that a form that somebody begins to write in meanwhile is left alone too. */
    const runAgain = async (panel, form) => {
      if (!panel) return;
      const run = {};
      latest.set(panel, run);
      panel.node.dataset.cbAnew = "";
      for (const cell of panel.content.widgets) {
        if (cell.model.type !== "code" || (form && cell.node.contains(form)) || !untouched(cell)) continue;
        const ran = await runOne(panel, cell);
        if (latest.get(panel) !== run) return;
        if (!ran) break;
      }
      delete panel.node.dataset.cbAnew;
    };
    /** A button pressed in a form that is just being run again is the new form's. */
    document.addEventListener("click", async (event) => {
      const button = event.target.closest?.(".cb-form button");
      const node = button?.closest(".jp-Cell");
      if (!runs.has(node)) return;
      event.preventDefault();
      event.stopPropagation();
      const place = controls({ node }).indexOf(button);
      await runs.get(node);
      for (let turn = 0; turn < 60; turn++) {
        const now = controls({ node })[place];
        if (now && now !== button && now.textContent === button.textContent) return now.click();
        await new Promise((resume) => setTimeout(resume, 50));
      }
    }, true);
    const showAnew = (form) => {
      const panel = writers.get(form);
      writers.delete(form);
      form.removeEventListener("focusout", leave);
      return runAgain(panel, form);
    };
    const leave = ({ currentTarget, relatedTarget }) => {
      // after this event, when the focus has arrived
      if (relatedTarget && !currentTarget.contains(relatedTarget)) {
        setTimeout(() => writers.has(currentTarget) && showAnew(currentTarget));
      }
    };
    document.addEventListener("input", ({ target }) => {
      const form = target.closest?.(".cb-form");
      if (form) form.dataset.touched = "";
    });
    document.addEventListener("creatorbook:written", ({ target: form, detail }) => {
      delete form.dataset.touched;
      const own = panels().find((panel) => panel.node.contains(form));
      panels().forEach((panel) => panel !== own && older.add(panel));
      writers.set(form, own);
      if (detail?.now) return showAnew(form);
      form.addEventListener("focusout", leave);
      // whoever has gone on meanwhile is not waited for
      setTimeout(() => writers.has(form) && !form.contains(document.activeElement) && showAnew(form));
    });
    shell?.currentChanged.connect((_shell, { newValue: panel }) => {
      if (older.delete(panel)) runAgain(panel);
    });
    return revive;
  }

  /** A button in a form opens a file, or another client's notebooks. */
  function openFromForms(app) {
    document.addEventListener("creatorbook:open", ({ detail: { path, folder } }) =>
      folder
        ? app.commands.execute("creatorbook:open-client", { folder })
        : app.commands.execute("docmanager:open", { path }),
    );
  }

  const SHAPES = {
    add: "M10 4h4v6h6v4h-6v6h-4v-6H4v-4h6z",
    book: "M2 5c4-1.5 7-1.5 9 .5V20c-2-1.7-5-1.7-9-.5zM22 5c-4-1.5-7-1.5-9 .5V20c2-1.7 5-1.7 9-.5z",
    printer: "M6 3h12v4H6zM3 8h18v9h-3v-4H6v4H3zM8 15h8v6H8z",
  };

  /** A tile's picture: a shape, or the number of a step. */
  function picture(LabIcon, sign) {
    const drawn = SHAPES[sign]
      ? `<path class="jp-icon3" fill="#616161" d="${SHAPES[sign]}"/>`
      : `<text class="jp-icon3" fill="#616161" x="12" y="17" text-anchor="middle" font-size="14">${sign}</text>`;
    const svgstr = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" width="16">${drawn}</svg>`;
    return new LabIcon({ name: `creatorbook:${sign}`, svgstr });
  }

  /** The first sections of the launcher: the client's steps and what a campaign begins and ends with; the lessons. */
  function offer(app, launcher, LabIcon, base, { title, steps, lessons }) {
    const open = (path) => app.commands.execute("docmanager:open", { path });
    const command = "creatorbook:open";
    const icons = Object.fromEntries(
      [...steps, ...lessons].map(({ path, number }) => [path, picture(LabIcon, number || "book")]),
    );
    app.commands.addCommand(command, {
      label: (args) => args.label ?? "Open a step",
      caption: (args) => args.question ?? "",
      icon: (args) => icons[args.path],
      execute: (args) => open(args.path),
    });
    // The forms of these two are in the first notebook.
    const openForm = async (title) => {
      await open(steps[0].path);
      for (let turn = 0; turn < 200; turn++) {
        const heading = [...document.querySelectorAll(".cb-form > :is(h2, h3)")].find((one) => one.textContent === title);
        if (heading) return heading.closest(".cb-form").querySelector("input, select, button").focus();
        await new Promise((resume) => setTimeout(resume, 50));
      }
    };
    app.commands.addCommand("creatorbook:new-client", {
      label: "New client",
      caption: "A folder for another client",
      icon: picture(LabIcon, "add"),
      execute: () => openForm("A new client"),
    });
    app.commands.addCommand("creatorbook:print", {
      label: "Print",
      caption: "The report of this campaign",
      icon: picture(LabIcon, "printer"),
      execute: () => openForm("Print the report"),
    });
    // For links in a notebook: another client, or another campaign, in an arrangement of tabs of its own. Its notebooks
    // are `folder`, such as mine/notebooks/spring.
    app.commands.addCommand("creatorbook:open-client", {
      label: "Open another client",
      execute: ({ folder }) => {
        const notebook = [...folder.split("/"), "00_start_here.ipynb"].map(encodeURIComponent);
        window.location.assign(`${base}lab/workspaces/${notebook[0]}/tree/${notebook.join("/")}`);
      },
    });
    const opening = (args) => ({ command, args });
    const others = [{ command: "creatorbook:new-client" }, { command: "creatorbook:print" }];
    const section = (category, categoryRank, tiles) =>
      tiles.forEach((tile, rank) => launcher.add({ ...tile, category, categoryRank, rank }));
    section(title, -2, [...steps.map(opening), ...others]); // JupyterLab's own begin at 0
    section("Lessons", -1, lessons.map(opening));
  }

  /** In a new arrangement the side bars are closed; afterwards they stay as they are left. */
  async function beginCalmly(app, shell) {
    const { fresh } = await shell.restored;
    await app.restored; // by then JupyterLab has opened its file browser
    if (!fresh) return;
    shell.collapseLeft();
    shell.collapseRight();
  }

  (window._JUPYTERLAB ??= {})[NAME] = {
    init(scope) {
      shared = scope;
    },
    async get() {
      const { ILabShell } = await load("@jupyterlab/application");
      const { PageConfig } = await load("@jupyterlab/coreutils");
      const { ILauncher } = await load("@jupyterlab/launcher");
      const { NotebookActions } = await load("@jupyterlab/notebook");
      const { LabIcon } = await load("@jupyterlab/ui-components");
      const plugin = {
        id: `${NAME}:plugin`,
        description: "The steps of a campaign on JupyterLab's first page; keys that stay in forms.",
        autoStart: true,
        optional: [ILauncher, ILabShell],
        activate(app, launcher, shell) {
          waitForForms();
          keepKeysInForms();
          chartsOnPaper();
          const defined = PageConfig.getOption("creatorbookDefinitions");
          if (defined) explainTerms(JSON.parse(defined));
          let revive = () => {};
          const page = PageConfig.getOption("creatorbook");
          if (page) {
            quietFoldedCode();
            describePictures(app);
            revive = showAnewAfterActs(app, shell, NotebookActions);
            openFromForms(app);
            if (launcher) offer(app, launcher, LabIcon, PageConfig.getBaseUrl(), JSON.parse(page));
            if (shell) beginCalmly(app, shell);
          } // else JupyterLab, but not opened for a client
          standInForLostForms(app, revive);
        },
      };
      return () => ({ __esModule: true, default: plugin });
    },
  };
})();
