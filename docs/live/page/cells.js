// What can be edited and run on the page: its code cells, and the functions of its cards. Each dispatches "bp-source" from its
// element whenever its code becomes another.

class Editable {
  constructor(element, listing) {
    this.element = element;
    this.listing = listing;
    this.code = listing.querySelector("code");
    this.builtCode = [...this.code.childNodes];
    this.built = this.code.textContent.replace(/\n$/, "").replaceAll("\u200a′", "′"); // as it was before the page was set
    this.text = this.built;
    this.editor = null;
  }

  get source() { return this.text; }

  get edited() { return this.text !== this.built; }

  // Show another code. An editor that is open calls this too, with what is in it already.
  set source(text) {
    if (text === this.text) return;
    this.text = text;
    this.listing.parentElement.classList.toggle("bp-edited", this.edited);
    if (this.editor) this.editor.show(text);
    else this.showCode();
    this.element.dispatchEvent(new CustomEvent("bp-source", { bubbles: true, detail: this }));
  }

  // Open the folds that the code stands in.
  reveal() {
    for (let fold = this.listing.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  }

  showCode() {
    this.code.replaceChildren(...(this.edited ? [this.text] : this.builtCode));
  }

  get output() { return this.place.querySelector(":scope > .bp-output"); }

  // Put an output in the place of the one that is there; none takes it away.
  set output(made) {
    const { output } = this;
    if (output === made) return;
    if (output && made) output.replaceWith(made);
    else if (made) this.place.append(made);
    else output.remove();
  }
}

class Cell extends Editable {
  constructor(element) {
    super(element, element.querySelector(".highlight"));
    this.place = element;
    this.id = element.id; // cell-1, cell-2, …
    this.number = Number(element.id.match(/\d+/)[0]);
    this.bar = element.querySelector(".bp-bar");
    this.builtOutput = this.output;
  }

  get request() { return { source: this.source, name: `<cell ${this.number}>` }; }
}

export class Card extends Editable {
  constructor(element) {
    super(element, element.querySelector(".bp-card-code .highlight"));
    this.equation = element.querySelector(".bp-card-name").id.replace(/^eq-(.*)-name$/, "$1");
    this.id = `card-${this.equation}`;
    this.bar = document.createElement("div");
    this.bar.className = "bp-bar";
    this.listing.after(this.bar);
    this.place = document.createElement("div");
    element.querySelector(".bp-card-face").after(this.place);
    this.builtOutput = null;
  }

  get request() { return { check: this.equation, source: this.source, name: `<card ${this.equation}>` }; }
}

export const cells = [...document.querySelectorAll(".bp-cell")].map((element) => new Cell(element));
