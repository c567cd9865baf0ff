// Sliders for weights and the situation; the ranking follows. Nothing leaves the page.
function whatIf(root, model, words, decide) {
  "use strict";
  const find = (selector) => root.querySelector(selector);
  const initial = () => ({
    weights: model.nodes.map(() => null),
    profile: Object.fromEntries(model.profile.map((field) => [field.name, field.value])),
  });
  let state = initial();
  const before = decide(state);
  const { fixed, percent, roughly, givenNumber } = numbersIn(words);
  const share = (value) => percent(value, value > 0 && value < 0.01 ? 1 : 0);
  const say = (code, values = {}) =>
    words[code].replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));
  const LONGEST = 90;
  const nameOf = (i) => {
    const letters = [...(model.options[i].title || model.options[i].name)];
    return letters.length > LONGEST ? `${letters.slice(0, LONGEST - 1).join("")}…` : letters.join("");
  };

  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (value === true) element.setAttribute(name, "");
      else if (value !== false && value !== null) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  }

  // --- controls ---------------------------------------------------------------------------------
  const refreshers = [];
  const childNode = (id) => model.nodes.findIndex((node) => node.id === id);

  function weightControls(k) {
    const node = model.nodes[k];
    if (node.children.length < 2) {
      const below = childNode(node.children[0].id);
      return below < 0 ? [] : weightControls(below);
    }
    return node.children.flatMap((child, position) => {
      const id = `what-if-weight-${k}-${position}`;
      const shown = make("output", { for: id, class: "what-if-value" });
      const slider = make("input", {
        type: "range", id, min: 0, max: 1, step: 0.005, autocomplete: "off",
      });
      slider.addEventListener("input", () => {
        const values = state.weights[k] || node.local.slice();
        values[position] = Number(slider.value);
        state.weights[k] = values;
        changed();
      });
      refreshers.push((result) => {
        const own = result ? result.local[k][position] : (state.weights[k] || node.local)[position];
        const raw = (state.weights[k] || node.local)[position];
        if (document.activeElement !== slider || Math.abs(Number(slider.value) - raw) > 0.0026) slider.value = raw;
        shown.textContent = share(own);
        slider.setAttribute("aria-valuetext", share(own));
      });
      const rows = [make("div", { class: "what-if-row" }, make("label", { for: id }, child.title), slider, shown)];
      const below = childNode(child.id), inner = below < 0 ? [] : weightControls(below);
      if (inner.length)
        rows.push(make("details", { class: "what-if-inner" }, make("summary", {}, say("within", { name: child.title })), ...inner));
      return rows;
    });
  }

  function profileControl(field) {
    const id = `what-if-profile-${model.profile.indexOf(field)}`, set = (value) => { state.profile[field.name] = value; changed(); };
    const shown = make("output", { for: id, class: "what-if-value" });
    const label = make("label", { for: id }, field.unit ? `${field.title} (${field.unit})` : field.title);
    // what the library assumes where nothing is given
    const assumed = field.default === null ? null
      : field.type === "boolean" ? words[field.default ? "yes" : "no"]
      : field.type === "choice" ? field.values[field.default] : givenNumber(field.default);
    const unknown = assumed === null ? words.unknown : say("assumed", { value: assumed });
    let control;
    if (field.type === "boolean") {
      control = make("select", { id });
      control.append(...[["", unknown], ["1", words.yes], ["0", words.no]].map(([value, text]) => make("option", { value }, text)));
      control.addEventListener("change", () => set(control.value === "" ? null : control.value === "1"));
      refreshers.push(() => { const v = state.profile[field.name]; control.value = v === null ? "" : v ? "1" : "0"; });
    } else if (field.type === "choice") {
      control = make("select", { id });
      control.append(make("option", { value: "" }, unknown), ...field.values.map((text, value) => make("option", { value }, text)));
      control.addEventListener("change", () => set(control.value === "" ? null : Number(control.value)));
      refreshers.push(() => { const v = state.profile[field.name]; control.value = v === null ? "" : v; });
    } else if (field.low !== null && field.high !== null && field.value !== null) {
      const levels = field.levels.length > 0, whole = levels && Number.isInteger(field.value);
      const step = whole ? 1 : levels ? 0.5 : (field.high - field.low) / 100;
      control = make("input", { type: "range", id, min: field.low, max: field.high, step, autocomplete: "off" });
      control.addEventListener("input", () => set(Number(control.value)));
      refreshers.push(() => {
        const v = state.profile[field.name];
        if (Number(control.value) !== v) control.value = v;
        const near = field.levels[Math.round(v)];
        const number = givenNumber(v);
        shown.textContent = number;
        shown.title = near || "";
        control.setAttribute("aria-valuetext", near ? `${number}: ${near}` : `${number}`);
        note.textContent = near || "";
      });
    } else {
      control = make("input", {
        type: "number", id, step: "any", autocomplete: "off", placeholder: unknown,
        min: field.low, max: field.high,
      });
      control.addEventListener("input", () => {
        const value = control.value.trim() === "" ? null : Number(control.value);
        if (control.validity.badInput) return;
        const outside = value !== null && ((field.low !== null && value < field.low) || (field.high !== null && value > field.high));
        control.setAttribute("aria-invalid", String(outside));
        if (!outside) set(value);
      });
      refreshers.push(() => {
        const v = state.profile[field.name];
        if (document.activeElement === control) return;
        control.value = v === null ? "" : v;
        control.removeAttribute("aria-invalid");
      });
    }
    const note = make("span", { class: "what-if-note" });
    return make("div", { class: "what-if-row" }, label, control, shown, note);
  }

  // --- the state in the address ------------------------------------------------------------------
  function fragment() {
    const pairs = [];
    state.weights.forEach((given, k) => { if (given) pairs.push([`w.${model.nodes[k].id}`, given.map((value) => +fixed(value, 6)).join("~")]); });
    for (const field of model.profile) {
      const value = state.profile[field.name];
      if (value !== field.value) pairs.push([`p.${field.name}`, value === null ? "" : String(value)]);
    }
    return pairs.map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
  }

  function fromFragment() {
    const found = initial();
    for (const [name, text] of new URLSearchParams(location.hash.slice(1))) {
      if (name.startsWith("w.")) {
        const k = childNode(name.slice(2)), values = text.split("~").map(Number);
        if (k >= 0 && values.length === model.nodes[k].children.length && values.every((v) => v >= 0 && v <= 1)) found.weights[k] = values;
      } else if (name.startsWith("p.")) {
        const field = model.profile.find((each) => each.name === name.slice(2));
        if (!field) continue;
        if (text === "") { found.profile[field.name] = null; continue; }
        if (field.type === "boolean") {
          if (text === "true" || text === "false") found.profile[field.name] = text === "true";
          continue;
        }
        const value = Number(text);
        const inside = Number.isFinite(value) && (field.low === null || value >= field.low) && (field.high === null || value <= field.high);
        if (field.type === "choice" ? field.values[value] !== undefined : inside) found.profile[field.name] = value;
      }
    }
    return found;
  }

  // --- what is shown ------------------------------------------------------------------------------
  const rows = model.options.map((option, i) => {
    const bar = make("span", { class: "what-if-fill" });
    const cells = {
      rank: make("td", { class: "number" }),
      closeness: make("td", { class: "number" }),
      bar: make("td", { class: "what-if-bar" }, bar),
      change: make("td", { class: "number" }),
    };
    const id = option.title && option.title !== option.name ? [" ", make("span", { class: "what-if-id" }, option.name)] : [];
    const why = make("span", { class: "what-if-why" });
    const row = make("tr", {}, cells.rank, make("th", { scope: "row" }, option.title || option.name, ...id, why), cells.closeness, cells.bar, cells.change);
    return { row, cells, bar, why, i };
  });

  let speaking = 0;
  function speak(text) {
    const said = find(".what-if-said"), seen = find(".what-if-sentence"), first = seen.textContent === "";
    seen.textContent = text;
    clearTimeout(speaking);
    // what stands there when the page opens is no news
    if (!first) speaking = setTimeout(() => { said.textContent = text; }, 500);
  }

  function sentence(result) {
    const eligible = result.eligible.filter(Boolean).length;
    if (!eligible) return say("none");
    if (result.verdict === "tie") {
      const first = rows.filter(({ i }) => result.ranks[i] === 1).map(({ i }) => nameOf(i));
      return say("tied", { names: first.join(words.comma) });
    }
    const winner = nameOf(result.recommended);
    const same = result.recommended === before.recommended;
    const compared = say(same ? "same" : before.recommended === null ? "none_before" : "other", {
      name: before.recommended === null ? "" : nameOf(before.recommended),
    });
    if (eligible === 1) return say("alone", { name: winner }) + compared;
    const rest = rows.map(({ i }) => i).filter((i) => result.eligible[i] && i !== result.recommended);
    const second = rest.reduce((best, i) => (result.closeness[i] > result.closeness[best] ? i : best));
    return say("wins", {
      name: winner, verdict: words[result.verdict], rival: nameOf(second),
      own: fixed(result.closeness[result.recommended], 3), theirs: fixed(result.closeness[second], 3),
      share: roughly(result.firmness),
    }) + compared;
  }

  function trouble(error) {
    const values = { ...error.values };
    if (values.option !== undefined) values.option = nameOf(values.option);
    if (values.leaf !== undefined) values.leaf = model.leaves[values.leaf].title;
    if (values.node !== undefined) values.node = model.nodes[values.node].title;
    return words[`cannot_${error.message}`] ? say(`cannot_${error.message}`, values) : say("cannot");
  }

  function show() {
    let result = null;
    try {
      result = decide(state);
      speak(sentence(result));
    } catch (error) {
      speak(trouble(error));
    }
    root.classList.toggle("what-if-impossible", !result);
    refreshers.forEach((refresh) => refresh(result));
    const body = find(".what-if-ranking");
    if (!result) return;
    const order = [...rows].sort((a, b) =>
      (result.ranks[a.i] ?? rows.length + 1) - (result.ranks[b.i] ?? rows.length + 1) ||
      result.closeness[b.i] - result.closeness[a.i] || a.i - b.i);
    if (order.some(({ row }, place) => body.children[place] !== row)) body.append(...order.map(({ row }) => row));
    for (const { row, cells, bar, why, i } of rows) {
      const value = result.closeness[i];
      row.classList.toggle("what-if-first", result.ranks[i] === 1);
      row.classList.toggle("what-if-out", value === null);
      cells.rank.textContent = value === null ? "–" : result.ranks[i];
      cells.closeness.textContent = value === null ? "" : fixed(value, 3);
      bar.style.width = `${100 * (value || 0)}%`;
      why.textContent = value === null ? say("excluded", { gates: result.failing[i].map((gate) => model.gates[gate].because).join(words.between) }) : "";
      const was = before.closeness[i];
      const step = value === null || was === null ? null : value - was;
      cells.change.textContent = value === null ? "" : step === null ? words.new_here : Math.abs(step) < 0.0005 ? "" : `${step > 0 ? "+" : "−"}${fixed(Math.abs(step), 3)}`;
    }
  }

  let address = 0;
  function changed() {
    show();
    clearTimeout(address);
    address = setTimeout(() => {
      try { history.replaceState(null, "", `#${fragment() || "what-if"}`); } catch (_) { /* the page may be inside another */ }
    }, 250);
  }

  const weights = weightControls(0);
  if (weights.length) find(".what-if-weights").append(...weights);
  else find(".what-if-weights").hidden = true;
  const fields = model.profile.filter((field) => field.read);
  const given = fields.filter((field) => field.value !== null), others = fields.filter((field) => field.value === null);
  find(".what-if-profile").append(...given.map(profileControl));
  if (others.length)
    find(".what-if-profile").append(make("details", { class: "what-if-inner" }, make("summary", {}, words.further), ...others.map(profileControl)));
  find(".what-if-profile").hidden = !fields.length;
  find(".what-if-ranking").append(...rows.map(({ row }) => row));
  find(".what-if-reset").addEventListener("click", () => { state = initial(); changed(); });
  const shared = find(".what-if-share");
  shared.addEventListener("click", async () => {
    const link = `${location.href.split("#")[0]}#${fragment() || "what-if"}`;
    try { await navigator.clipboard.writeText(link); shared.textContent = words.copied; }
    catch (_) { location.hash = fragment() || "what-if"; shared.textContent = words.in_address; }
    setTimeout(() => { shared.textContent = words.share; }, 2500);
  });
  const shares = () => location.hash.includes("=");
  // a way to another part of the page leaves the position as it is
  addEventListener("hashchange", () => { if (shares()) { state = fromFragment(); show(); } });
  state = fromFragment();
  root.hidden = false;
  const next = root.nextElementSibling, links = [...document.querySelectorAll("nav a")];
  const place = next && links.find((link) => link.hash === `#${next.id}`);
  if (place) place.parentNode.before(make("li", {}, make("a", { href: `#${root.id}` }, words.title)));
  show();
  if (shares()) root.scrollIntoView({ behavior: "instant" });
  return { decide, state: () => state, set: (given) => { state = given; show(); } };
}
