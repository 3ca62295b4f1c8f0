// Brings a stepper to life: the still image that bp/figures/stepper.py writes becomes a run of backpropagation,
// walked through one equation at a time. Nothing is computed here; numbers, lines and formulas are read from the
// page, or from the file of a network whose shape the reader types in.
"use strict";
(() => {
  const SVG = "http://www.w3.org/2000/svg";
  const MATHML = "http://www.w3.org/1998/Math/MathML";
  const PAUSE = 2000;
  const MOST_NUMBERS_SPOKEN = 6;
  const WIDE = 600;
  const DIGITS_BELOW = "₀₁₂₃₄₅₆₇₈₉", DIGITS_ABOVE = "⁰¹²³⁴⁵⁶⁷⁸⁹";

  function element(namespace, tag, attributes = {}, ...children) {
    const made = document.createElementNS(namespace, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  }

  const math = (tag, ...children) => element(MATHML, tag, {}, ...children);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  // A name such as "w1", "E_b2" or "y" is a key of the glossary and a layer.
  const split = (name) => name.match(/^(\D+)(\d*)$/).slice(1);

  // A number to so many significant digits, as Python's format ".4g" writes it, with a true minus sign.
  function number(value, digits = 4) {
    if (value === 0) return "0";
    const [factor, exponent] = value.toExponential(digits - 1).split("e").map(Number);
    const written = exponent < -4 || exponent >= digits
      ? `${factor}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`
      : String(Number(value.toPrecision(digits)));
    return written.replaceAll("-", "−");
  }

  // The shape that somebody typed, or null: 2 to 4 whole numbers from 1 to 6, however they are set apart.
  function shape(typed) {
    const words = typed.normalize("NFKC").replace(/^\s*[[(]|[\])]\s*$/g, "").trim().split(/\s*[,、;\s]\s*/);
    const known = words.every((word) => /^[1-6]$/.test(word));
    return known && words.length >= 2 && words.length <= 4 ? words.map(Number) : null;
  }

  class Stepper {
    constructor(root) {
      this.root = root;
      this.own = JSON.parse(root.querySelector("script[type='application/json']").textContent);
      this.words = this.own.words;
      this.find = (selector) => root.querySelector(selector);
      this.buttons = Object.fromEntries([...root.querySelectorAll("[data-do]")].map((b) => [b.dataset.do, b]));
      this.slider = this.find("input[type=range]");
      this.playIcon = this.find("[data-do=play] path").getAttribute("d");
      for (const part of root.querySelectorAll(":is(:scope, .bp-stepper-stage, .bp-stepper-legend) > [hidden]")) {
        part.hidden = false;
      }
      this.listen();
      this.show(this.own.trace);
    }

    listen() {
      const does = { start: () => this.go(0), back: () => this.go(this.step - 1), play: () => this.toggle(),
                     forward: () => this.go(this.step + 1), end: () => this.go(this.trace.steps.length) };
      for (const [name, button] of Object.entries(this.buttons)) button.addEventListener("click", does[name]);
      this.slider.addEventListener("input", () => this.go(Number(this.slider.value)));
      const keys = { ArrowRight: "forward", ArrowLeft: "back", Home: "start", End: "end", " ": "play" };
      this.root.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey || event.shiftKey || !keys[event.key]) return;
        const { target, key } = event;
        if (target.closest("input") || (key === " " && target.closest("button, a"))) return;
        if (key !== " " && target !== this.root && target.scrollWidth > target.clientWidth + 1) return;
        event.preventDefault();
        does[keys[key]]();
      });
      this.find("form").addEventListener("submit", (event) => {
        event.preventDefault();
        this.ask(event.target.querySelector("input"));
      });
    }

    // Fetch the run of the network that was typed in, or say what is wrong with what was typed.
    async ask(input) {
      const [sizes, typed] = [shape(input.value), input.value.trim()];
      const got = typed ? fill(this.words.typed, { typed }) : this.words.nothing;
      this.complain(input, sizes ? "" : fill(this.words.wrong, { got }));
      if (!sizes) return;
      if (String(sizes) === String(this.own.trace.sizes)) return this.show(this.own.trace);
      try {
        const address = new URL(`${this.root.dataset.traces}${sizes.join("-")}.json`, document.baseURI);
        const answer = await fetch(address);
        if (!answer.ok) throw new Error(answer.status);
        this.show(await answer.json());
      } catch (problem) {
        this.complain(input, fill(this.words.missing, { sizes: sizes.join(", "), reason: problem.message }));
      }
    }

    complain(input, message) {
      this.find("[role=alert]").textContent = message;
      if (message) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }

    show(trace) {
      this.trace = trace;
      this.slider.max = trace.steps.length;
      const drawn = draw(trace, this.own);
      this.find(".bp-stepper-network").replaceChildren(drawn);
      this.root.classList.toggle("bp-stepper-wide", drawn.getAttribute("width") > WIDE);
      this.go(0);
    }

    go(step) {
      const last = this.trace.steps.length;
      if (step < 0 || step > last) return;
      if (step === last) this.stop();
      this.step = step;
      this.slider.value = step;
      for (const name of ["start", "back"]) this.buttons[name].setAttribute("aria-disabled", step === 0);
      this.buttons.forward.setAttribute("aria-disabled", step === last);
      const now = this.trace.steps[step - 1];
      this.markNetwork(now);
      this.markCode(now?.lines ?? {});
      this.markEquation(now);
      this.say(now);
    }

    toggle() {
      if (this.timer) return this.stop();
      if (this.step === this.trace.steps.length) this.go(0);
      this.timer = setInterval(() => this.go(this.step + 1), PAUSE);
      this.showPlaying("M8 5v14M16 5v14", this.words.pause);
    }

    stop() {
      clearInterval(this.timer);
      this.timer = undefined;
      this.showPlaying(this.playIcon, this.words.play);
    }

    showPlaying(icon, name) {
      this.buttons.play.querySelector("path").setAttribute("d", icon);
      this.buttons.play.setAttribute("aria-label", name);
      this.buttons.play.title = name;
    }

    markNetwork(now) {
      const later = new Set(this.trace.steps.slice(this.step).map(({ gives }) => gives));
      for (const value of this.root.querySelectorAll("[data-name]")) {
        const { name } = value.dataset;
        value.classList.toggle("bp-later", later.has(name));
        value.classList.toggle("bp-uses", Boolean(now?.takes.includes(name)));
        value.classList.toggle("bp-makes", now?.gives === name);
      }
      this.bringIntoView();
    }

    // Where the network is wider than its place, scroll it, and nothing else, to this step: what was made, and if there
    // is room what was used, with the letters of the units.
    bringIntoView() {
      const frame = this.find(".bp-stepper-network");
      const span = (selector) => {
        const boxes = [...frame.querySelectorAll(selector)].map(
          (value) => (value.closest(".bp-unit") ?? value).getBoundingClientRect());
        return [Math.min(...boxes.map((box) => box.left)), Math.max(...boxes.map((box) => box.right))];
      };
      const { left, width } = frame.getBoundingClientRect();
      const [from, to] = [".bp-uses, .bp-makes", ".bp-makes"].map(span).find(([start, end]) => end - start < width) ?? [];
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      frame.scrollTo({ left: this.step ? frame.scrollLeft + (from + to) / 2 - left - width / 2 : 0,
                       behavior: still ? "auto" : "smooth" });
    }

    // Light the running lines: the innermost function is shown whole, one that waits for it only as far as it has to.
    markCode(lines) {
      const inner = Object.keys(lines).at(-1) ?? "backprop";
      for (const listing of this.root.querySelectorAll("[data-function]")) {
        const name = listing.dataset.function;
        listing.hidden = name !== inner && !lines[name];
        listing.classList.toggle("bp-waits", name !== inner);
        listing.querySelectorAll(".bp-line").forEach((line, place) => {
          line.classList.toggle("bp-running", lines[name] === place + 1);
        });
      }
    }

    markEquation(now) {
      for (const link of this.root.querySelectorAll("[data-equation]")) {
        link.hidden = link.dataset.equation !== now?.equation;
      }
      const frame = this.find(".bp-stepper-numbers");
      frame.replaceChildren(...(now ? this.working(now) : []));
      frame.scrollLeft = 0;
      this.find(".bp-stepper-formula").replaceChildren(...(now ? [this.inLetters(now)] : []));
      this.find(".bp-stepper-layer").replaceChildren(...(now ? [this.words.here, this.layers(now)] : [this.words.begin]));
    }

    // Which layer the statement of a step speaks of; and below it, if that is where its result lies.
    layers(now) {
      const letter = () => math("mi", this.own.equations[now.equation].layer);
      const [, made] = split(now.gives);
      const below = made === String(now.l) ? [] : [
        math("mo", ","), letter(), math("mo", "−"), math("mn", 1), math("mo", "="), math("mn", made)];
      return math("math", letter(), math("mo", "="), math("mn", now.l), ...below);
    }

    // The equation of a step in letters, with the layers put in.
    inLetters(now) {
      const { letters } = this.own;
      const names = Object.fromEntries(now.takes.map((name) => [split(name)[0], name]));
      const right = formula(this.own.equations[now.equation].tree, {
        leaf: (key) => (key === "N" ? math("mi", "N") : letter(names[key], letters)),
        sum: (key) => math("mrow", math("munder", math("mo", "∑"), math("mi", "s")),
                           letter(names[key], letters, math("mi", "s"))),
        transposed: (key) => math("msup", math("mrow", bracket("("), letter(names[key], letters), bracket(")")), transpose()),
      });
      return math("math", math("mrow", letter(now.gives, letters), math("mo", "="), right));
    }

    // The equation of a step with its numbers put in, worked out as far as its last operation, and the result. A line
    // may end before each = and before the last operation.
    working(now) {
      const tree = this.own.equations[now.equation].tree;
      const names = Object.fromEntries(now.takes.map((name) => [split(name)[0], name]));
      const array = (name) => this.trace.arrays[name];
      const used = (key, rows = array(names[key])) => matrix(rows, `bp-uses bp-term bp-term-${key}`);
      const columns = (key) => array(names[key])[0].map((_, s) => used(key, array(names[key]).map((row) => [row[s]])));
      const samples = array("y")[0].length;
      const write = {
        leaf: (key) => (key === "N" ? math("mn", samples) : used(key)),
        sum: (key) => columns(key).reduce((sum, column) => math("mrow", sum, math("mo", "+"), column)),
        transposed: (key) => math("msup", used(key), transpose()),
      };
      const piece = (sign, operand, ...before) => math("math", math("mrow", ...before, infix(sign), operand));
      const made = letter(now.gives, this.own.letters);
      const result = piece("=", matrix(array(now.gives), "bp-makes"));
      if (!now.parts.length) return [piece("=", formula(tree, write), made), result];
      const [sign, ...operands] = tree;
      const [first, second] = operands.map((operand) => factor(sign, operand, write));
      const [one, other] = now.parts.map((part, place) => matrix(part ?? array(names[operands[place]])));
      return [piece("=", first, made), piece(SIGNS[sign], second), piece("=", one), piece(SIGNS[sign], other), result];
    }

    say(now) {
      const status = this.find(".bp-stepper-status");
      if (!now) return status.replaceChildren(fill(this.words.start, { steps: this.trace.steps.length }));
      const [, layer] = split(now.gives);
      const result = this.trace.arrays[now.gives];
      const values = result.flat().length > MOST_NUMBERS_SPOKEN
        ? fill(this.words.entries, { rows: result.length, columns: result[0].length })
        : result.flat().map((entry) => number(entry)).join(", ");
      const spoken = document.createElement("span");
      spoken.className = "bp-stepper-spoken";
      spoken.textContent = fill(this.words.result, { values });
      status.replaceChildren(fill(this.words.step, { step: this.step, steps: this.trace.steps.length, layer,
                                                     title: this.own.equations[now.equation].title }), spoken);
    }
  }

  // Formulas, as MathML.

  const transpose = () => element(MATHML, "mo", { lspace: 0, rspace: 0 }, "⊤");
  const infix = (sign) => element(MATHML, "mo", { form: "infix" }, sign);
  const bracket = (sign) => element(MATHML, "mo", { stretchy: false }, sign);
  const SIGNS = { "+": "+", "-": "−", "*": "⊙" };

  // A letter with its layer above it, and perhaps an index below.
  function letter(name, letters, below) {
    const [key, layer] = split(name);
    if (key.startsWith("E_")) {
      return math("mfrac", math("mrow", math("mi", "∂"), math("mi", "E")),
                  math("mrow", math("mi", "∂"), letter(key.slice(2) + layer, letters)));
    }
    const made = math("mi", letters[key]);
    made.setAttribute("class", `bp-term bp-term-${key}`);
    if (!layer) return made;
    return below ? math("msubsup", made, below, math("mn", layer)) : math("msup", made, math("mn", layer));
  }

  // In brackets, which the style sheet draws. A single number is no table, so that it stands on the line.
  function matrix(rows, css = "") {
    const entry = (value) => math("mn", number(value));
    const made = rows.flat().length === 1 ? math("mrow", entry(rows[0][0]))
      : math("mtable", ...rows.map((row) => math("mtr", ...row.map((value) => math("mtd", entry(value))))));
    made.setAttribute("class", `bp-matrix ${css}`);
    return made;
  }

  // A tree of bp.steps.formula; `write` says how an argument is written as it is, transposed, or with its columns added.
  function formula(tree, write) {
    if (typeof tree === "string") return write.leaf(tree);
    const [sign, first, second] = tree;
    const inner = (operand) => formula(operand, write);
    if (sign === "T") return write.transposed(first);
    if (sign === "@") return math("mrow", inner(first), inner(second));
    if (sign === "/") {
      return math("mrow", math("mfrac", math("mn", 1), inner(second)), element(MATHML, "mspace", { width: "0.2em" }), inner(first));
    }
    if (sign === "sum") return write.sum(first);
    if (sign in SIGNS) return math("mrow", factor(sign, first, write), math("mo", SIGNS[sign]), factor(sign, second, write));
    const name = sign === "f" ? math("mi", "f") : math("msup", math("mi", "f"), math("mo", "′"));
    name.setAttribute("class", `bp-term bp-term-${sign}`);
    return math("mrow", name, round(inner(first)));
  }

  // What stands beside a sign; beside ⊙ in brackets, where it needs them.
  function factor(sign, operand, write) {
    const made = formula(operand, write);
    return sign === "*" && typeof operand !== "string" && ["+", "-", "@"].includes(operand[0]) ? round(made) : made;
  }

  function round(inside) {
    const made = math("mrow", inside);
    made.setAttribute("class", "bp-round");
    return made;
  }

  // The network: the same picture as bp/figures/stepper.py's, each value in a group that knows its name.

  function draw({ sizes, arrays }, { measures, rows, letters, words }) {
    const { port, label, weight, below } = measures[Math.max(...sizes.slice(0, -1)) <= 4 ? "few" : "many"];
    const { row, pad, gap, top, curve } = measures;
    const last = sizes.length - 1;
    const place = (l) => (l === 0 ? "input" : l === last ? "output" : "hidden");
    const widths = sizes.map((_, l) => (l ? measures.unit : measures.input));
    const heights = sizes.map((_, l) => Math.max(rows[place(l)].length * row, l ? sizes[l - 1] * port : 0) + 2 * pad);
    const columns = sizes.map((n, l) => n * (heights[l] + gap) - gap);
    const left = sizes.map((_, l) => 1 + widths.slice(0, l).reduce((sum, w) => sum + w, 0) + l * (curve + label));
    const right = left.map((x, l) => x + widths[l]);
    const middle = (l, j) => top + (Math.max(...columns) - columns[l] + heights[l]) / 2 + j * (heights[l] + gap);
    const named = (key, j, l) => (l === 0 ? "x" : key === "E_b" ? "∇b" : letters[key]) + DIGITS_BELOW[j]
      + (l === 0 || key === "y" ? "" : DIGITS_ABOVE[l]);
    const text = (x, y, written, anchor, size = measures.text) => element(SVG, "text", {
      x: x.toFixed(1), y: y.toFixed(1), "text-anchor": anchor, "font-size": size, fill: "currentColor" }, written);
    const value = (name, x, y, written, size, reach) => element(
      SVG, "g", { class: "bp-value", "data-name": name, "font-family": "KaTeX_Main,serif" },
      element(SVG, "rect", { x: x - reach, y: y - 10.5, width: reach + 2, height: 13.5, rx: 2, fill: "none" }),
      text(x, y, written, "end", size));
    const [edges, labels, parts] = [[], [], []];
    sizes.forEach((n, l) => {
      const [at, anchor] = l === 0 ? [left[l], "start"] : l === last ? [right[l], "end"] : [(left[l] + right[l]) / 2, "middle"];
      parts.push(text(at, 12, fill(words[place(l)], { l }), anchor));
      for (let j = 0; j < n; j += 1) {
        const unit = element(SVG, "g", { class: "bp-unit" }, element(SVG, "rect", {
          x: left[l], y: middle(l, j) - heights[l] / 2, width: widths[l], height: heights[l], rx: 10,
          fill: "none", stroke: "currentColor" }));
        parts.push(unit);
        rows[place(l)].forEach((key, line) => {
          const y = middle(l, j) + (line - rows[place(l)].length / 2) * row + row - 4;
          const name = key === "y" ? key : key + l;
          unit.append(value(name, right[l] - 5, y, number(arrays[name][j][0], 3), measures.digits, l ? measures.value : 31),
                      text(left[l] + 5, y, named(key, j + 1, l), "start"));
        });
        for (let k = 0; k < (l ? sizes[l - 1] : 0); k += 1) {
          const [begin, end] = [middle(l - 1, k), middle(l, j) + (k - (sizes[l - 1] - 1) / 2) * port];
          const [bend, level] = [right[l - 1] + curve / 2, right[l - 1] + curve];
          edges.push(element(SVG, "path", {
            "data-name": `w${l}`, d: `M${right[l - 1]} ${begin}C${bend} ${begin} ${bend} ${end} ${level} ${end}H${left[l]}`,
            fill: "none", stroke: "currentColor", "stroke-opacity": 0.4 }));
          labels.push(value(`w${l}`, left[l] - weight, end - 4, number(arrays[`w${l}`][j][k], 3), measures.text, 30),
                      value(`E_w${l}`, left[l] - 3, end + below, `∇ ${number(arrays[`E_w${l}`][j][k], 3)}`, measures.text, 59));
        }
      }
    });
    const [width, height] = [right[last] + 1, top + Math.max(...columns) + 2];
    const scale = Math.min(measures.enlarged, Math.max(1, measures.high / height));
    return element(SVG, "svg", { viewBox: `0 0 ${width} ${height}`, width: Math.round(scale * width), role: "img",
                                 style: `min-width:${width}px;max-width:100%;height:auto`, "font-family": "inherit",
                                 "aria-label": fill(words.network, { sizes: sizes.join(", ") }) }, ...edges, ...labels, ...parts);
  }

  const alive = new WeakSet();

  function bringToLife(within) {
    for (const root of within.querySelectorAll(".bp-stepper")) {
      if (alive.has(root)) continue;
      alive.add(root);
      new Stepper(root);
    }
  }

  bringToLife(document);
  document.addEventListener("bp-output", ({ target }) => bringToLife(target)); // of a cell that the reader ran
})();
