// Lets Pyodide import modules and writes what its memory then holds, from which the page's Python starts as if it had imported them.
// Standard input: {pyodide, packages, place, modules, target}. Standard output: all modules that are in it, as JSON.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { pyodide, packages, place, modules, target } = JSON.parse(fs.readFileSync(0, "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + path.sep, _makeSnapshot: true, env: { HOME: "/book", PYTHONHASHSEED: "0" } });
python.FS.writeFile(place, new Uint8Array(fs.readFileSync(packages)));
const imported = python.runPython(`
import gc, importlib, json, os, sys
sys.path[:0] = ["/book", "${place}"]
for module in ${JSON.stringify(modules)}:
    importlib.import_module(module)
os.remove("${place}")  # in the page another archive lies there: nothing is to remember this one
importlib.invalidate_caches()
sys.path_importer_cache.clear()
del module
gc.collect()
json.dumps(sorted(sys.modules))
`);
fs.writeFileSync(target, python.makeMemorySnapshot());
console.log(imported);
process.exit(0);
