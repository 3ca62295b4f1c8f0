// Reading needs no JavaScript. This lights up a term wherever it stands in its card or stepper and names it, lets
// pasted words be searched, keeps one's place when the language is switched, and completes citations with the
// address of this copy.
"use strict";
(() => {
  const LIT = "bp-lit";

  // The class that a term shares with its counterparts: "bp-term bp-term-w" has "bp-term-w".
  const shared = (term) => [...term.classList].find((name) => name.startsWith("bp-term-"));

  function light(target) {
    if (named.contains(target)) return;
    for (const term of document.querySelectorAll(`.${LIT}`)) term.classList.remove(LIT);
    const term = target.closest?.(".bp-term");
    const card = term?.closest(".bp-card, .bp-stepper");
    for (const same of card?.getElementsByClassName(shared(term)) ?? []) same.classList.add(LIT);
    name(term, card);
  }

  // The letter, its name in the code, its shape and its meaning: the card's own row for it, shown beside the term.
  const named = document.createElement("div");
  named.className = "bp-named";
  named.setAttribute("role", "status");
  document.body.append(named);

  function name(term, card) {
    const row = card?.querySelector(`.bp-card-letters .${shared(term)}`)?.closest("li");
    named.replaceChildren(...(row && !row.contains(term) ? row.cloneNode(true).childNodes : []));
    for (const inside of named.querySelectorAll("[tabindex]")) inside.removeAttribute("tabindex");
    namedTerm = term;
    place();
  }

  // Beside the term, also when it moves, as far as the screen goes.
  let namedTerm;
  function place() {
    if (!named.childNodes.length) return;
    const at = namedTerm.getBoundingClientRect();
    const above = at.top > named.offsetHeight + 12;
    named.style.left = `${Math.max(8, Math.min(at.left, document.documentElement.clientWidth - named.offsetWidth - 8))}px`;
    named.style.top = `${above ? at.top - named.offsetHeight - 6 : at.bottom + 6}px`;
  }

  document.addEventListener("keydown", ({ key }) => { if (key === "Escape") light(document.body); });
  for (const event of ["scroll", "resize"]) {
    addEventListener(event, place, { passive: true, capture: true });
  }

  // On a touch screen a tap sends pointerover too, and the light stays until the next tap. The tap also moves the focus
  // to the block of code, or the formula, around the term: that is no reason to put the light out.
  document.addEventListener("pointerover", ({ target }) => light(target));
  document.addEventListener("focusin", ({ target }) => { if (!target.querySelector(`.${LIT}`)) light(target); });

  // One stop for the keyboard per term and card; formulas are left to their MathML.
  function makeReachable(root) {
    for (const card of root.querySelectorAll(".bp-card")) {
      const reachable = new Set();
      for (const term of card.querySelectorAll(".bp-term:not(.katex *)")) {
        if (reachable.has(shared(term))) continue;
        reachable.add(shared(term));
        term.tabIndex = 0;
      }
    }
  }

  document.addEventListener("click", async ({ target }) => {
    if (!target.matches(".bp-copy")) return;
    await navigator.clipboard.writeText(target.parentElement.querySelector("code").textContent);
    target.classList.add("bp-copied");
    setTimeout(() => target.classList.remove("bp-copied"), 2000);
  });

  // Material searches when a key comes up, which a pasted word, or one chosen in an input method, need not bring about.
  document.querySelector(".md-search__input")?.addEventListener("input", ({ target }) => {
    target.dispatchEvent(new KeyboardEvent("keyup"));
  });

  for (const link of document.querySelectorAll(".bp-language")) {
    link.addEventListener("click", () => { link.hash = location.hash; });
  }

  // The book's own address stands in a citation already, if it has one. A copy on the reader's machine has none to give.
  const onTheWeb = location.protocol.startsWith("http") && !/^(localhost|127\.|\[::1)/.test(location.hostname);
  function complete(root) {
    for (const code of onTheWeb ? root.querySelectorAll("code[data-completed]") : []) {
      const page = code.closest(".bp-card")?.querySelector(".bp-card-name").href ?? location.href.replace(/#.*/, "");
      code.textContent = code.dataset.completed.replace("{address}", page.replace(/\?[^#]*/, ""));
    }
  }

  // Cards are there from the start, or when a cell that the reader ran shows them.
  for (const prepare of [makeReachable, complete]) {
    prepare(document);
    document.addEventListener("bp-output", ({ target }) => prepare(target));
  }
})();
