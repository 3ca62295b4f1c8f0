// Gives every code cell its buttons. Whatever is heavy waits until it is asked for: the editor for Edit, Python for Run.
import { cells } from "./cells.js";
import { words } from "./words.js";

const heavy = { session: () => import("./run.js"), editor: () => import("./editor.js") };

for (const cell of cells) {
  const bar = cell.element.querySelector(".bp-bar");
  const button = (does, title) => {
    const made = document.createElement("button");
    Object.assign(made, { type: "button", textContent: words[does], title: title ?? "" });
    made.dataset.do = does;
    return made;
  };
  cell.status = document.createElement("span");
  cell.status.setAttribute("role", "status");
  const [stop, reset] = [button("stop"), button("reset", words.resetTitle)];
  stop.hidden = reset.hidden = true;
  bar.append(button("run", words.runTitle), stop, button("edit"), ...(cell.number > 1 ? [button("above", words.aboveTitle)] : []),
    reset, cell.status);
  cell.element.setAttribute("role", "group");
  cell.element.setAttribute("aria-label", words.cell(cell.number));
  bar.addEventListener("click", ({ target }) => does[target.dataset.do]?.(cell));
  cell.element.addEventListener("bp-source", () => { reset.hidden = false; });
  cell.element.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.altKey || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    event.stopPropagation();
    does.run(cell);
    if (event.shiftKey) focusAfter(cell);
  }, { capture: true });
}

const does = {
  run: (cell) => run([cell]),
  above: (cell) => run(cells.slice(0, cells.indexOf(cell) + 1)),
  stop: async () => (await heavy.session()).stop(),
  edit,
  reset,
};

async function run(chosen) {
  for (const cell of chosen) cell.element.querySelector("[data-do=reset]").hidden = false;
  chosen.at(-1).status.textContent = words.waiting;
  (await heavy.session()).run(chosen);
}

async function edit(cell) {
  const { open } = await heavy.editor();
  open(cell);
  cell.editor.focus();
}

async function reset(cell) {
  cell.editor?.close();
  cell.source = cell.built;
  cell.output = cell.builtOutput;
  cell.status.textContent = "";
  cell.element.classList.remove("bp-edited", "bp-ran");
  cell.element.querySelector("[data-do=reset]").hidden = true;
  cell.element.querySelector("[data-do=run]").focus();
}

// As in Jupyter, Shift-Enter moves on to the next cell.
function focusAfter(cell) {
  const next = cells[cells.indexOf(cell) + 1];
  if (next && next.element.checkVisibility()) (next.editor ?? next.code).focus();
}
