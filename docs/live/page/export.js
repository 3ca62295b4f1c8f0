// The page with the reader's changes as a file: the notebook that the site offers, with their code in it.
import { words } from "./words.js";

const lesson = document.querySelector(".bp-download").href;
const name = lesson.match(/([^/]+)\.ipynb$/)[1];

// From the first change on, outputs would be those of other code. The functions of cards stand in the package bp: what was
// made of them comes at the end, as text.
async function notebook(cells, cards) {
  const book = await (await fetch(lesson)).json();
  let changed = false;
  for (const [position, cell] of book.cells.filter(({ cell_type }) => cell_type === "code").entries()) {
    changed ||= cells[position].edited;
    if (cells[position].edited) cell.source = cells[position].source;
    if (changed) Object.assign(cell, { outputs: [], execution_count: null });
  }
  for (const { id, equation, source } of cards.filter((card) => card.edited)) {
    book.cells.push({ cell_type: "markdown", id, metadata: {}, source: `## ${words.yours(equation)}\n\n~~~~python\n${source}\n~~~~` });
  }
  return book;
}

// A script whose cells editors know by "# %%", with the prose as comments.
function script({ cells }) {
  const text = ({ source }) => [source].flat().join("");
  const comment = (prose) => prose.split("\n").map((line) => `# ${line}`.trimEnd()).join("\n");
  return cells.map((cell) => (cell.cell_type === "code" ? `# %%\n${text(cell)}\n` : `# %% [markdown]\n${comment(text(cell))}\n`)).join("\n");
}

function download(text, file, type) {
  const link = document.createElement("a");
  Object.assign(link, { href: URL.createObjectURL(new Blob([text], { type })), download: file });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export async function asNotebook(...edited) {
  download(`${JSON.stringify(await notebook(...edited), null, 1)}\n`, `${name}.ipynb`, "application/x-ipynb+json");
}

export async function asScript(...edited) {
  download(script(await notebook(...edited)), `${name}.py`, "text/x-python");
}
