// The session that the cells of the page share: one worker, started by the first Run, and a queue of cells.
import { cells } from "./cells.js";
import { Output } from "./output.js";
import { language, words } from "./words.js";

const HERE = new URL(".", import.meta.url);
// A worker that starts from a blob is bound by the page's Content-Security-Policy, which one from a file is not: code that
// runs reaches no other host.
const START = URL.createObjectURL(new Blob([`import "${new URL("worker.js", HERE).href}"`], { type: "text/javascript" }));
const PAGES = new URL(language === "en" ? "../../" : "../../zh-TW/", HERE).href;
const ENDED = new Set(["done", "error", "refuted", "memory", "crashed"]);
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);
const running = (cell) => (cell.equation ? words.checking : words.running);

let worker = null;
let ready = false;
let queue = []; // [{cell, group, further}], the first of which is running
let jobs = 0;
let counting = 0;
const ran = new Set();

// Run these cells in order, up to the first that fails; in the queue they wait for those that were asked for before.
// Something further to do with one that has run shows its result below what is there.
export function run(chosen, further) {
  const group = {};
  const idle = queue.length === 0;
  for (const cell of chosen) {
    if (queue.some((waiting) => waiting.cell === cell)) continue;
    queue.push({ cell, group, further });
    busy(cell, true);
    say(cell, words.waiting);
  }
  if (idle) next();
}

export function stop() {
  end(words.stopped);
}

// Let a card's function be the shipped one again.
export function restore(card) {
  worker?.postMessage({ restore: card.equation });
}

function next() {
  const [now] = queue;
  if (!now) return;
  if (!worker) begin();
  jobs += 1;
  now.job = jobs;
  now.output = new Output(now.cell, now.further);
  say(now.cell, ready ? running(now.cell) : words.starting);
  count(now.cell);
  if (!now.further) {
    now.cell.output?.classList.add("bp-stale");
    if (now.cell.buttons.step) now.cell.buttons.step.hidden = true;
  }
  worker.postMessage({ job: jobs, ...(now.further ?? now.cell.request) });
}

function begin() {
  worker = new Worker(START, { type: "module" });
  worker.addEventListener("message", ({ data }) => hear(data));
  worker.addEventListener("error", (event) => { event.preventDefault(); end(words.crashed); });
  worker.postMessage({ language, pages: PAGES });
}

// End the worker, and with it whatever runs and waits. The cell that was running says why.
function end(reason) {
  worker?.terminate();
  worker = null;
  ready = false;
  ran.clear();
  for (const cell of cells) cell.buttons.step.hidden = true;
  const [first, ...rest] = queue;
  queue = [];
  for (const { cell } of rest) settle(cell, "");
  if (!first) return;
  settle(first.cell, reason);
  first.cell.output?.classList.add("bp-stale"); // what is there is from an earlier run, or not all
}

async function hear({ kind, text, job, seconds, loaded, total }) {
  const [now] = queue;
  if (kind === "ready") ready = true;
  if (!now) return;
  if (kind === "loading") say(now.cell, words.loading(megabytes(loaded), megabytes(total)));
  else if (kind === "starting") say(now.cell, words.starting);
  else if (kind === "notLoaded") end(words.notLoaded(text));
  else if (job !== now.job) return;
  else if (kind === "running") say(now.cell, running(now.cell));
  else if (kind === "run") now.cell.buttons.step.hidden = false;
  else if (!ENDED.has(kind)) now.output.add(kind, text);
  else await finish(now, kind, seconds);
}

async function finish(now, kind, seconds) {
  await now.output.shown();
  if (queue[0] !== now) return;
  if (kind === "memory" || kind === "crashed") return end(words[kind]);
  ran.add(now.cell);
  now.cell.element.classList.add("bp-ran");
  queue.shift();
  settle(now.cell, told(now, kind, seconds.toFixed(seconds < 1 ? 2 : 1)));
  if (kind === "error") {
    for (const { cell } of queue.filter(({ group }) => group === now.group)) settle(cell, words.notRun);
    queue = queue.filter(({ group }) => group !== now.group);
  }
  if (queue.length === 0) bringIntoSight(now.cell);
  next();
}

// Whoever still is at the cell sees the beginning of what it shows, though its code may fill the window.
function bringIntoSight({ element, output }) {
  if (!output || !element.contains(document.activeElement)) return;
  const { top, height } = output.getBoundingClientRect();
  const below = top + Math.min(height, innerHeight / 3) - innerHeight;
  if (below > 0) scrollBy({ top: below, behavior: "instant" });
}

function told({ cell, output }, kind, seconds) {
  if (kind === "refuted") return words.refuted;
  if (kind === "done") return cell.equation ? words.holds(cell.edited) : words.done(seconds);
  // A name that is not there is often defined by a cell above that nobody ran.
  const missing = !cell.equation && /^NameError: /m.test(output.error);
  return missing && cells.slice(0, cells.indexOf(cell)).some((above) => !ran.has(above)) ? words.needsAbove : words.error;
}

function settle(cell, status) {
  cell.output?.classList.remove("bp-stale");
  busy(cell, false);
  say(cell, status);
  clearInterval(counting);
  delete cell.status.dataset.seconds;
}

// How long a cell has run by now, beside its status: shown by the style sheet, so that it isn't read aloud each second.
function count(cell) {
  const start = performance.now();
  clearInterval(counting);
  counting = setInterval(() => { cell.status.dataset.seconds = words.seconds(Math.round((performance.now() - start) / 1000)); }, 1000);
}

function busy(cell, is) {
  const { run: start, stop: halt } = cell.buttons;
  const focused = [start, halt].includes(document.activeElement);
  cell.buttons.reset.disabled = is;
  cell.element.classList.toggle("bp-busy", is);
  start.hidden = is;
  halt.hidden = !is;
  if (focused) (is ? halt : start).focus();
}

function say(cell, text) {
  if (cell.status.textContent !== text) cell.status.textContent = text;
}
