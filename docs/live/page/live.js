// Gives every code cell and every card its buttons. Whatever is heavy waits until it is asked for: the editor for Edit,
// Python for Run.
import { Card, cells } from "./cells.js";
import { keep } from "./edits.js";
import { receive, share } from "./link.js";
import { offerVersion } from "./version.js";
import { words } from "./words.js";

const session = () => import("./run.js");
const editor = () => import("./editor.js");

const does = {
  run: (cell) => run([cell]),
  above: (cell) => run(cells.slice(0, cells.indexOf(cell) + 1)),
  stop: async () => (await session()).stop(),
  step: (cell) => run([cell], { step: cell.request.name }),
  edit,
  reset,
  share,
};

function equip(cell) {
  const { bar } = cell;
  const card = cell instanceof Card;
  const named = { ...words, ...(card ? { run: words.check, runTitle: words.checkTitle } : {}) };
  cell.buttons = Object.fromEntries(["run", "stop", "edit", ...(card ? [] : ["above", "step"]), "reset", "share"].map((name) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: named[name], title: named[`${name}Title`] ?? "" });
    made.addEventListener("click", () => does[name](cell));
    made.dataset.do = name;
    return [name, made];
  }));
  for (const name of ["stop", "step", "reset", "share"]) if (cell.buttons[name]) cell.buttons[name].hidden = true;
  if (cell === cells[0]) cell.buttons.above.hidden = true;
  cell.status = document.createElement("span");
  cell.status.setAttribute("role", "status");
  bar.append(...Object.values(cell.buttons), cell.status);
  cell.element.addEventListener("bp-source", ({ detail }) => {
    if (detail !== cell) return;
    cell.buttons.reset.hidden = false;
    cell.buttons.share.hidden = !cell.edited;
  });
  cell.element.addEventListener("keydown", (event) => {
    if (event.target.closest(".bp-card, .bp-cell") !== cell.element) return;
    if (event.key !== "Enter" || event.altKey || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    does.run(cell);
    if (event.shiftKey) focusAfter(cell);
  }, { capture: true });
  keep(cell);
}

async function run(chosen, further) {
  for (const cell of chosen) {
    cell.buttons.reset.hidden = false;
    cell.element.classList.add("bp-busy"); // from now on, though what runs it has yet to be loaded
  }
  try {
    (await session()).run(chosen, further);
  } catch (problem) {
    for (const cell of chosen) cell.element.classList.remove("bp-busy");
    chosen.at(-1).status.textContent = words.notLoaded(problem.message);
  }
}

async function edit(cell) {
  (await editor()).open(cell);
  cell.editor.focus();
}

async function reset(cell) {
  cell.source = cell.built;
  cell.editor?.close();
  cell.output = cell.builtOutput;
  cell.output?.classList.remove("bp-stale");
  cell.status.textContent = "";
  cell.element.classList.remove("bp-ran");
  cell.buttons.run.focus();
  for (const name of ["step", "reset"]) if (cell.buttons[name]) cell.buttons[name].hidden = true;
  if (cell instanceof Card) (await session()).restore(cell);
}

// As in Jupyter, Shift-Enter moves on to the next cell.
function focusAfter(cell) {
  const next = cells[cells.indexOf(cell) + 1];
  if (next?.element.checkVisibility()) (next.editor ?? next.code).focus();
}

const cards = [];

function equipCards(within) {
  for (const element of within.querySelectorAll(".bp-card")) {
    const card = new Card(element);
    cards.push(card);
    equip(card);
  }
}

for (const cell of cells) {
  cell.element.setAttribute("role", "group");
  cell.element.setAttribute("aria-label", words.cell(cell.number));
  equip(cell);
}
equipCards(document);
document.addEventListener("bp-output", ({ target }) => equipCards(target));
offerVersion(cells, cards, reset);
receive([...cells, ...cards]);
