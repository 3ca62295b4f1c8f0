// What a cell shows, put in the place of what it showed before, and set as docs/hooks/ set it when the site was built.
// HTML passes DOMPurify, for the code that made it may be anybody's.
import { words } from "./words.js";

const once = (load) => { let made; return () => (made ??= load()); };
const purify = once(async () => (await import("./purify.js")).default);
const katex = once(async () => (await import("./katex.js")).default);

const CLEAN = { RETURN_DOM_FRAGMENT: true, FORBID_TAGS: ["style"], FORBID_ATTR: ["action", "formaction", "target", "autofocus", "srcset"] };
const MATHS = {
  throwOnError: false,
  macros: { "\\class": "\\htmlClass{#1}{#2}" },
  trust: ({ command }) => command === "\\htmlClass",
  strict: "ignore",
};
const DATA = /<script type="application\/json">(.*?)<\/script>/s;
const TRACES = new URL("../traces/", import.meta.url).href;
const SHORT = 24; // signs, which fit into a line on a phone
const signs = (tex) => tex.replace(/\\[a-zA-Z]+|\\./g, "x").replace(/[{}^_\s]/g, "").length;
const TEXT = { stdout: "", stderr: "bp-stderr", plain: "", traceback: "bp-error", cut: "bp-cut" };

// A page that came without a stepper loads what moves one when a cell shows one.
const stepping = once(async () => {
  if (document.querySelector('script[src$="/stepper.js"]')) return;
  const style = document.createElement("link");
  Object.assign(style, { rel: "stylesheet", href: new URL("../stepper.css", import.meta.url).href });
  document.head.append(style);
  await import("../stepper.js");
});

export class Output {
  // `further` is for something that is shown below what the cell shows already.
  constructor(cell, further) {
    this.cell = cell;
    this.last = Promise.resolve();
    this.made = further && cell.output?.classList.contains("bp-live") ? cell.output : document.createElement("div");
    this.made.className = "bp-output bp-live";
    this.made.setAttribute("role", "group");
    this.made.setAttribute("aria-label", words.output);
  }

  add(kind, text) {
    if (kind === "traceback") this.error = text;
    this.last = this.last.then(() => this.append(kind, text)).catch((problem) => this.append("traceback", problem.message));
  }

  // Resolves when all of it stands in the page; what showed nothing leaves nothing. What it shows is then announced.
  async shown() {
    await this.last;
    if (!this.made.isConnected) this.cell.output = null;
    if (this.made.querySelector(".bp-stepper")) await stepping();
    this.made.dispatchEvent(new CustomEvent("bp-output", { bubbles: true }));
  }

  async append(kind, text) {
    if (kind in TEXT) this.appendText(kind, kind === "cut" ? words.cut : text);
    else this.made.append(kind === "latex" ? await formula(text) : await html(kind, text, this.cell));
    this.previous = kind;
    this.name();
    if (!this.made.isConnected) this.cell.output = this.made;
  }

  appendText(kind, text) {
    if (this.previous === kind && kind.startsWith("std")) return this.made.lastChild.append(text);
    const made = document.createElement("pre");
    made.className = `bp-text ${TEXT[kind]}`.trim();
    made.append(text);
    this.made.append(made);
  }

  // As docs/hooks/notebooks.py does: an output scrolls by keyboard unless its parts do so themselves.
  name() {
    const card = this.made.querySelector(".bp-card, .bp-stepper");
    this.made.classList.toggle("bp-output-card", Boolean(card));
    if (!card && this.made.querySelector("pre, table")) this.made.tabIndex = 0;
  }
}

async function html(kind, text, cell) {
  const fragment = (await purify()).sanitize(text.replaceAll("f′", "f\u200a′"), CLEAN);
  const [stepper, data] = [fragment.querySelector(".bp-stepper"), text.match(DATA)?.[1]];
  if (stepper && data) {
    stepper.dataset.traces = TRACES;
    stepper.append(numbers(data));
  }
  for (const element of fragment.querySelectorAll("[id]")) {
    const namesake = document.getElementById(element.id);
    if (namesake && !cell.output?.contains(namesake)) element.removeAttribute("id");
  }
  for (const table of fragment.querySelectorAll("table:not([class])")) table.className = "bp-table";
  for (const code of fragment.querySelectorAll("pre > code:only-child")) list(code);
  for (const source of fragment.querySelectorAll(".arithmatex")) source.replaceWith(await formula(source.textContent));
  if (kind === "html") return fragment;
  const figure = document.createElement("div");
  figure.className = "bp-figure";
  figure.append(fragment);
  return figure;
}

// What a stepper walks through: data, which no browser runs, and which DOMPurify takes out with all other scripts.
function numbers(data) {
  const made = document.createElement("script");
  made.type = "application/json";
  made.textContent = data;
  return made;
}

// A listing as docs/hooks/listings.py makes it.
function list(code) {
  const button = document.createElement("button");
  Object.assign(button, { className: "bp-copy", type: "button", title: words.copy, ariaLabel: words.copy });
  const around = document.createElement("span");
  around.className = "bp-code";
  code.tabIndex = 0;
  code.parentElement.removeAttribute("tabindex");
  code.replaceWith(button, around);
  around.append(code);
}

// A formula as docs/hooks/maths.py makes it, of LaTeX in \(…\), \[…\] or dollars.
async function formula(source) {
  const [, open, within] = source.trim().match(/^(\\\(|\\\[|\$\$?)?([\s\S]*?)(?:\\\)|\\\]|\$\$?)?$/);
  const [, large, tex] = within.trim().match(/^(\\displaystyle\b)?([\s\S]*)$/);
  const display = Boolean(large) || open === "\\[" || open === "$$";
  const made = document.createElement(display ? "div" : "span");
  (await katex()).render(tex.trim(), made, { ...MATHS, displayMode: display });
  if (!display) {
    if (signs(tex) <= SHORT) made.className = "bp-joined";
    return made;
  }
  made.className = "arithmatex bp-formula";
  made.tabIndex = 0;
  made.setAttribute("role", "group");
  made.setAttribute("aria-label", words.formula);
  return made;
}
