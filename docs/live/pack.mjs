// Hands archives to pack.py in Pyodide. Standard input: {pyodide, jobs: [{source, target, folder, withSource}]}.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";

const { pyodide, jobs } = JSON.parse(fs.readFileSync(0, "utf8"));
const { loadPyodide } = await import(pathToFileURL(path.join(pyodide, "pyodide.mjs")));
const python = await loadPyodide({ indexURL: pyodide + path.sep });
python.runPython(fs.readFileSync(new URL("pack.py", import.meta.url), "utf8"));
const pack = python.globals.get("pack");
for (const { source, target, folder, withSource } of jobs) {
  python.FS.writeFile("/source.zip", fs.readFileSync(source));
  pack("/source.zip", "/target.zip", folder, withSource);
  fs.writeFileSync(target, python.FS.readFile("/target.zip"));
}
process.exit(0);
