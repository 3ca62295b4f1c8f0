// Reading needs no JavaScript. This lights up a term wherever it stands in its card, lets pasted words be searched,
// and keeps one's place when the language is switched.
"use strict";
(() => {
  const LIT = "bp-lit";

  // The class that a term shares with its counterparts: "bp-term bp-term-w" has "bp-term-w".
  const shared = (term) => [...term.classList].find((name) => name.startsWith("bp-term-"));

  function light(target) {
    for (const term of document.querySelectorAll(`.${LIT}`)) term.classList.remove(LIT);
    const term = target.closest?.(".bp-term");
    const card = term?.closest(".bp-card");
    if (!card) return;
    for (const same of card.getElementsByClassName(shared(term))) same.classList.add(LIT);
  }

  // On a touch screen a tap sends pointerover too, and the light stays until the next tap.
  for (const event of ["pointerover", "focusin"]) {
    document.addEventListener(event, ({ target }) => light(target));
  }

  // One stop for the keyboard per term and card; formulas are left to their MathML.
  for (const card of document.querySelectorAll(".bp-card")) {
    const reachable = new Set();
    for (const term of card.querySelectorAll(".bp-term:not(.katex *)")) {
      if (reachable.has(shared(term))) continue;
      reachable.add(shared(term));
      term.tabIndex = 0;
    }
  }

  // Material makes each copy button a navigation landmark, and all of them nameless: they are none.
  // And what it wraps around a wide table scrolls, but not by keyboard.
  const mend = () => {
    for (const nav of document.querySelectorAll(".md-code__nav:not([role])")) nav.setAttribute("role", "none");
    for (const wrap of document.querySelectorAll(".md-typeset__scrollwrap:not([tabindex], .bp-output *)")) wrap.tabIndex = 0;
  };
  new MutationObserver(mend).observe(document.body, { childList: true, subtree: true });
  mend();

  // Material searches when a key comes up, which a pasted word, or one chosen in an input method, need not bring about.
  document.querySelector(".md-search__input")?.addEventListener("input", ({ target }) => {
    target.dispatchEvent(new KeyboardEvent("keyup"));
  });

  for (const link of document.querySelectorAll(".bp-language")) {
    link.addEventListener("click", () => { link.hash = location.hash; });
  }
})();
