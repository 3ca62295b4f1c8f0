// What a reader changes stays on the page when it is loaded anew: by page, cell and version of the book, for both languages
// at once. A change of code that is not in the book any more is shown, and never put in by itself.
import { words } from "./words.js";

const BOOK = new URL("../../", import.meta.url).pathname;
const page = location.pathname.slice(BOOK.length).replace(/^zh-TW\//, "").replace(/index\.html$/, "");
const version = document.querySelector("meta[name=bp-version]").content;
const KEY = `bp-edits ${version} ${BOOK}${page}`;

// The changes as {id: {built, source}}. A browser may forbid to keep anything, and what is kept may be anything.
function read() {
  try {
    return JSON.parse(localStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
}

// Whether the browser took it.
function write(edits) {
  try {
    if (Object.keys(edits).length) localStorage.setItem(KEY, JSON.stringify(edits));
    else localStorage.removeItem(KEY);
    return true;
  } catch {
    return false;
  }
}

function store(cell) {
  const { [cell.id]: former, ...others } = read();
  if (cell.edited) others[cell.id] = { built: cell.built, source: cell.source };
  return write(others);
}

// Put back what was changed in a cell, and keep what will be.
export function keep(cell) {
  const { built, source } = read()[cell.id] ?? {};
  if (typeof source === "string" && source !== cell.built) {
    if (built === cell.built) {
      cell.source = source;
      cell.status.textContent = words.restored;
      cell.reveal();
    } else offer(cell, source, [words.older, words.olderWhy], () => store(cell));
  }
  cell.element.addEventListener("bp-source", ({ detail }) => {
    if (detail === cell && !store(cell)) cell.status.textContent = words.unkept;
  });
}

// Code from elsewhere stands before its cell, as text, until the reader decides.
export function offer(cell, source, why, decided) {
  return tell(cell.element, cell.edited ? [...why, words.replaces] : why, source, {
    [words.put]() {
      decided();
      cell.source = source;
      cell.buttons.run.focus();
    },
    [words.dismiss]() {
      decided();
      cell.buttons.run.focus();
    },
  });
}

// A box before an element: a title and what else is said, code if there is some, and buttons, each of which closes it.
export function tell(before, [title, ...said], source, choices) {
  const make = (tag, attributes, ...children) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    made.append(...children);
    return made;
  };
  const box = make("div", { class: "bp-offer", role: "group", "aria-label": title, tabindex: -1 },
    make("p", {}, make("strong", {}, title), words.between, said.join(words.between)));
  if (source) box.append(make("pre", { tabindex: 0 }, source));
  for (const [label, choose] of Object.entries(choices)) {
    const button = make("button", { type: "button" }, label);
    button.addEventListener("click", () => {
      box.remove();
      choose();
    });
    box.append(button);
  }
  before.before(box);
  return box;
}
