// Turns formulas into HTML with MathML: a JSON list of {tex, display} in, a JSON list of {html} or {error} out.
const fs = require("fs");
const katex = require("katex");

const options = {
  throwOnError: true,
  // The cards mark each term of a statement with a class, so that pointing at one lights up its counterparts.
  macros: { "\\class": "\\htmlClass{#1}{#2}" },
  trust: ({ command }) => command === "\\htmlClass",
  strict: (code) => (code === "htmlExtension" ? "ignore" : "error"),
};

function render({ tex, display }) {
  try {
    return { html: katex.renderToString(tex, { ...options, displayMode: display }) };
  } catch (error) {
    return { error: error.message };
  }
}

process.stdout.write(JSON.stringify(JSON.parse(fs.readFileSync(0, "utf8")).map(render)));
