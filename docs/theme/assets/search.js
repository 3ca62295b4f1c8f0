// Material fetches the search index with every page, a third of all that a first visit would load, although few visits
// search. Here it waits until the search box is entered, or until an address comes with a search in it.
"use strict";
(() => {
  const { open, send } = XMLHttpRequest.prototype;

  XMLHttpRequest.prototype.open = function (method, address, ...rest) {
    this.isIndex = String(address).endsWith("/search/search_index.json");
    return open.call(this, method, address, ...rest);
  };

  XMLHttpRequest.prototype.send = function (...body) {
    if (!this.isIndex || new URLSearchParams(location.search).has("q")) return send.apply(this, body);
    document.querySelector(".md-search__input").addEventListener("focus", () => send.apply(this, body), { once: true });
  };
})();
