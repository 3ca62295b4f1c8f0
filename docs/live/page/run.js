// The session that the cells of the page share: one worker, started by the first Run, and a queue of cells.
import { cells } from "./cells.js";
import { Output } from "./output.js";
import { language, words } from "./words.js";

const HERE = new URL(".", import.meta.url);
const PAGES = new URL(language === "en" ? "../../" : "../../zh-TW/", HERE).href;
const ENDED = new Set(["done", "error", "memory", "crashed"]);
const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

let worker = null;
let ready = false;
let queue = []; // [{cell, group}], the first of which is running
let jobs = 0;
const ran = new Set();

// Run these cells in order, up to the first that fails; in the queue they wait for those that were asked for before.
export function run(chosen) {
  const group = {};
  const idle = queue.length === 0;
  for (const cell of chosen) {
    if (queue.some((waiting) => waiting.cell === cell)) continue;
    queue.push({ cell, group });
    busy(cell, true);
    say(cell, words.waiting);
  }
  if (idle) next();
}

export function stop() {
  end(words.stopped);
}

function next() {
  const [now] = queue;
  if (!now) return;
  if (!worker) begin();
  jobs += 1;
  now.job = jobs;
  now.output = new Output(now.cell);
  say(now.cell, ready ? words.running : words.starting);
  now.cell.output?.classList.add("bp-stale");
  worker.postMessage({ job: jobs, source: now.cell.source, name: `<cell ${now.cell.number}>` });
}

function begin() {
  worker = new Worker(new URL("worker.js", HERE), { type: "module" });
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
  const [first, ...rest] = queue;
  queue = [];
  for (const { cell } of rest) settle(cell, "");
  if (first) settle(first.cell, reason);
}

async function hear({ kind, text, job, seconds, loaded, total }) {
  const [now] = queue;
  if (kind === "ready") ready = true;
  if (!now) return;
  if (kind === "loading") say(now.cell, words.loading(megabytes(loaded), megabytes(total)));
  else if (kind === "starting") say(now.cell, words.starting);
  else if (kind === "notLoaded") end(words.notLoaded(text));
  else if (job !== now.job) return;
  else if (kind === "running") say(now.cell, words.running);
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
  settle(now.cell, kind === "done" ? words.done(seconds.toFixed(seconds < 1 ? 2 : 1)) : problem(now));
  if (kind === "error") {
    for (const { cell } of queue.filter(({ group }) => group === now.group)) settle(cell, words.notRun);
    queue = queue.filter(({ group }) => group !== now.group);
  }
  next();
}

// A name that is not there is often defined by a cell above that nobody ran.
function problem({ cell, output }) {
  const missing = /^NameError: /m.test(output.error ?? "");
  return missing && cells.slice(0, cells.indexOf(cell)).some((above) => !ran.has(above)) ? words.needsAbove : words.error;
}

function settle(cell, status) {
  cell.output?.classList.remove("bp-stale");
  busy(cell, false);
  say(cell, status);
}

function busy(cell, is) {
  cell.element.classList.toggle("bp-busy", is);
  const buttons = Object.fromEntries([...cell.element.querySelectorAll("[data-do]")].map((made) => [made.dataset.do, made]));
  const focused = [buttons.run, buttons.stop, buttons.above].includes(document.activeElement);
  buttons.run.hidden = is;
  buttons.stop.hidden = !is;
  if (focused && document.activeElement?.hidden) (is ? buttons.stop : buttons.run).focus();
}

function say(cell, text) {
  if (cell.status.textContent !== text) cell.status.textContent = text;
}
