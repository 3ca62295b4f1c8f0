// Beside the lesson's own download, once something is changed: the reader's version as a file, and a way back.
import { words } from "./words.js";

export function offerVersion(cells, cards, reset) {
  const edited = () => [...cells, ...cards].filter((cell) => cell.edited && cell.element.isConnected);
  const own = document.createElement("span");
  own.className = "bp-own";
  own.setAttribute("role", "group");
  own.setAttribute("aria-label", words.own);
  own.append(`${words.own}${words.colon}`);
  const taken = async (as) => (await import("./export.js"))[as](cells, cards.filter((card) => edited().includes(card)));
  const choices = {
    [words.asNotebook]: () => taken("asNotebook"),
    [words.asScript]: () => taken("asScript"),
    [words.undoAll]() {
      edited().forEach(reset);
      document.querySelector(".bp-download").focus();
    },
  };
  for (const [label, choose] of Object.entries(choices)) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", textContent: label });
    button.addEventListener("click", choose);
    own.append(button);
  }
  const show = () => { own.hidden = !edited().length; };
  document.querySelector(".bp-above").append(own);
  document.addEventListener("bp-source", show);
  document.addEventListener("bp-output", show);
  show();
}
