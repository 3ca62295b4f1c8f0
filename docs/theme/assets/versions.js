// The menu of versions. versions.json names the versions at the book's public address, newest first, with the pages
// of each; a copy of the book on another host asks for nothing.
"use strict";
(async () => {
  const menu = document.querySelector(".bp-versions");
  const book = new URL(menu.dataset.book).href;
  const here = location.href.replace(/(index\.html)?([?#].*)?$/, "");
  if (!here.startsWith(book)) return;
  const versions = await (await fetch(`${book}versions.json`)).json();

  const [, folder, page] = here.slice(book.length).match(/^([^/]*)\/?(.*)$/);
  const home = page.startsWith("zh-TW/") ? "zh-TW/" : "";
  const summary = menu.querySelector("summary");
  for (const [position, { version, pages }] of versions.entries()) {
    const link = document.createElement("a");
    link.textContent = position ? version : version + menu.dataset.newest;
    link.href = `${book}${position ? version : "latest"}/${pages.includes(page) ? page : home}`;
    link.addEventListener("click", () => { link.hash = pages.includes(page) ? location.hash : ""; });
    if (folder === version || (folder === "latest" && !position)) {
      link.setAttribute("aria-current", "page");
      summary.textContent = version;
      summary.ariaLabel += ` ${version}`;
    }
    menu.querySelector("ul").appendChild(document.createElement("li")).append(link);
  }
  menu.hidden = !summary.textContent;

  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || !menu.open) return;
    menu.open = false;
    summary.focus();
  });
  document.addEventListener("click", ({ target }) => { menu.open &&= menu.contains(target); });
})();
