// A link that carries the code of one cell in its fragment: #edit=cell-7.aW1wb3J0IGJw (UTF-8, base64url). Whoever follows it
// sees the code as text, in a box that says where it came from; it is put into the cell only if the reader says so, and
// nothing is ever run.
import { offer, tell } from "./edits.js";
import { words } from "./words.js";

const MOST_BYTES = 4096;
const LINK = /^#edit=([\w-]+)\.([\w-]+)$/;
const UNSEEN = /[^\P{C}\n\t]/u; // control and format characters: code that is not what it looks like

const problem = (source, bytes) => {
  if (bytes.length > MOST_BYTES) return words.long(bytes.length, MOST_BYTES);
  return UNSEEN.test(source) ? words.unseen : "";
};

// Copy a link to the page with this cell as it is now.
export async function share(cell) {
  const bytes = new TextEncoder().encode(cell.source);
  const reason = problem(cell.source, bytes);
  if (reason) {
    cell.status.textContent = words.noLink(reason);
    return;
  }
  const base64 = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const link = `${location.origin}${location.pathname}#edit=${cell.id}.${base64}`;
  try {
    await navigator.clipboard.writeText(link);
    cell.status.textContent = words.copied;
  } catch {
    history.replaceState(null, "", link);
    cell.status.textContent = words.inAddress;
  }
}

// What a fragment carries, or what is wrong with it.
function read(fragment) {
  const most = MOST_BYTES * 2;
  if (fragment.length > most) return { reason: words.long(fragment.length, most) };
  try {
    const [, id, base64] = fragment.match(LINK);
    const bytes = Uint8Array.from(atob(base64.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
    const source = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    return { id, source, reason: problem(source, bytes) };
  } catch {
    return { reason: words.damaged };
  }
}

// Show what came with the address of the page, now and whenever it changes.
export function receive(cells) {
  let box;
  const show = () => {
    box?.remove();
    if (!location.hash.startsWith("#edit=")) return;
    const decided = () => history.replaceState(null, "", location.pathname + location.search);
    const { id, source, reason } = read(location.hash);
    const cell = cells.find((one) => one.id === id);
    if (reason || !cell) {
      box = tell(document.querySelector(".bp-above"), [words.refused, reason || words.noSuchCell], "", { [words.dismiss]: decided });
    } else {
      cell.reveal();
      box = offer(cell, source, [words.brought, words.broughtWhy], decided);
    }
    box.scrollIntoView({ block: "center", behavior: "instant" });
    box.focus({ preventScroll: true });
  };
  addEventListener("hashchange", show);
  show();
}
