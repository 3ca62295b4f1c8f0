// The code cells of the page. Each dispatches "bp-source" from its element whenever its code becomes another.
const CODE = ".bp-code > code";

class Cell {
  constructor(element) {
    this.element = element;
    this.id = element.id; // cell-1, cell-2, …
    this.number = Number(element.id.match(/\d+/)[0]);
    this.listing = element.querySelector(".highlight");
    this.code = element.querySelector(CODE);
    this.built = this.code.textContent.replace(/\n$/, "").replaceAll("\u200a′", "′"); // as it was before it was set
    this.builtCode = [...this.code.childNodes];
    this.builtOutput = element.querySelector(".bp-output");
    this.editor = null;
    this.text = this.built;
  }

  get source() { return this.text; }

  get edited() { return this.text !== this.built; }

  // Show another code. An editor that is open calls this too, with what is in it already.
  set source(text) {
    if (text === this.text) return;
    this.text = text;
    this.element.classList.toggle("bp-edited", this.edited);
    if (this.editor) this.editor.show(text);
    else this.code.replaceChildren(...(this.edited ? [text] : this.builtCode));
    this.element.dispatchEvent(new CustomEvent("bp-source", { bubbles: true, detail: this }));
  }

  get output() { return this.element.querySelector(".bp-output"); }

  // Put an output in the place of the one that is there; none takes it away.
  set output(made) {
    const { output } = this;
    if (output === made) return;
    if (output && made) output.replaceWith(made);
    else if (made) this.element.append(made);
    else output?.remove();
  }
}

export const cells = [...document.querySelectorAll(".bp-cell")].map((element) => new Cell(element));
