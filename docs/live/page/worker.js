// Python, in a thread of its own that cannot reach the page. It is told what to run and answers with what that shows.
const HERE = new URL(".", import.meta.url);
const MOST_MEMORY = 2 ** 30;
const SITE_PACKAGES = "/lib/python3.12/site-packages";
const MODULE = "pyodide.asm.js"; // imported, which cannot be watched

// Beyond this Python raises MemoryError, where the whole tab would break down.
const { grow } = WebAssembly.Memory.prototype;
WebAssembly.Memory.prototype.grow = function growWithinBounds(pages) {
  if (this.buffer.byteLength + pages * 65536 > MOST_MEMORY) throw new RangeError("out of memory");
  return grow.call(this, pages);
};

// Fetch every file at once and count the bytes as they come; whoever asks for one later is given that answer.
function fetchAll(sizes) {
  const total = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  let [loaded, told] = [0, 0];
  const count = (bytes) => {
    loaded += bytes;
    if (loaded < total && performance.now() - told < 100) return;
    told = performance.now();
    postMessage({ kind: "loading", loaded, total });
  };
  const answers = new Map(Object.keys(sizes).map((name) => {
    const address = new URL(name, HERE).href;
    return [address, name === MODULE ? ask(address) : ask(address).then((answer) => watched(answer, count))];
  }));
  const plain = self.fetch;
  self.fetch = (resource, options) => answers.get(String(resource.url ?? resource)) ?? plain(resource, options);
  return (name) => answers.get(new URL(name, HERE).href);
}

async function ask(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`${address.split("/").at(-1)}: ${answer.status}`);
  return answer;
}

function watched(answer, count) {
  const body = answer.body.pipeThrough(new TransformStream({
    transform(chunk, controller) { count(chunk.byteLength); controller.enqueue(chunk); },
  }));
  return new Response(body, { headers: { "Content-Type": answer.headers.get("Content-Type") ?? "" } });
}

const unpacked = (answer) => new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();

async function start({ language, pages }) {
  const { address, files } = await (await ask(new URL("settings.json", HERE).href)).json();
  const [{ loadPyodide }, answer] = [await import("./pyodide.mjs"), fetchAll(files)];
  const bytes = async (name) => new Uint8Array(await (await answer(name)).arrayBuffer());
  const [python, numpy, packages, book, report] = await Promise.all([
    loadPyodide({ indexURL: HERE.href, env: { HOME: "/book" }, _loadSnapshot: unpacked(await answer("snapshot.bin")) }),
    ...["numpy.zip", "packages.zip", "book.zip", "report.json"].map(bytes)]);
  postMessage({ kind: "starting" });
  python.setStdin({ error: true }); // nobody could answer
  python.unpackArchive(numpy, "zip", { extractDir: SITE_PACKAGES });
  python.unpackArchive(book, "zip", { extractDir: "/book" });
  python.FS.writeFile("/packages.zip", packages);
  python.FS.writeFile("/book/report.json", report);
  python.pyimport("os").environ.update(python.toPy({
    BP_LANG: language, BP_REPORT: "/book/report.json", BP_SITE_URL: address }));
  python.runPython("import os, random; os.chdir('/book'); random.seed()"); // or random would draw what the snapshot would
  return [python, python.pyimport("session").Session((kind, text) => postMessage({ kind, text, job }), pages)];
}

const started = new Promise((resolve) => {
  addEventListener("message", ({ data }) => resolve(start(data)), { once: true });
});
let queue = started.then(() => postMessage({ kind: "ready" }),
  (problem) => postMessage({ kind: "notLoaded", text: problem.message }));

addEventListener("message", ({ data }) => {
  if (data.job) queue = queue.then(() => run(data));
  if (data.restore) queue = queue.then(async () => (await started)[1].restore(data.restore));
});

let job;

async function run(data) {
  ({ job } = data);
  try {
    const [python, session] = await started;
    postMessage({ kind: "running", job });
    const begun = performance.now();
    const { source, name, check, step } = data;
    const how = step ? session.step(step) : check ? session.check(source, name, check) : session.run(source, name);
    const full = python._module.HEAPU8.length > MOST_MEMORY / 2;
    postMessage({ kind: how === "memory" && !full ? "error" : how, job, seconds: (performance.now() - begun) / 1000 });
  } catch (problem) {
    postMessage({ kind: "crashed", job, text: String(problem) });
  }
}
