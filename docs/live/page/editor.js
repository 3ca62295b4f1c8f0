// CodeMirror in the place of a cell's listing, in the page's own type and colours.
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { words } from "./words.js";

const colour = (name) => ({ color: `var(--md-code-hl-${name}-color)` });
const colours = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.controlKeyword, tags.definitionKeyword, tags.moduleKeyword, tags.bool, tags.null], ...colour("keyword") },
  { tag: [tags.string, tags.special(tags.string)], ...colour("string") },
  { tag: tags.number, ...colour("number") },
  { tag: tags.comment, ...colour("comment") },
  { tag: [tags.operator, tags.punctuation, tags.paren, tags.bracket, tags.derefOperator], ...colour("operator") },
  { tag: [tags.definition(tags.function(tags.variableName)), tags.definition(tags.className)], ...colour("function") },
]);

// The measures of a listing: site.css, ".bp-code > code".
const theme = EditorView.theme({
  "&": { backgroundColor: "var(--bp-wash)", borderRadius: "0.2rem", color: "var(--bp-ink)", fontSize: "0.7rem" },
  "&.cm-focused": { outline: "0.1rem solid var(--bp-red)" },
  ".cm-scroller": { fontFamily: "var(--md-code-font-family)", lineHeight: "1.5" },
  ".cm-content": { caretColor: "var(--bp-ink)", padding: "0.77em 0" },
  ".cm-line": { padding: "0 1.18em" },
  ".cm-cursor": { borderLeftColor: "var(--bp-ink)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--bp-red) 22%, transparent)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--bp-lit)" },
});

const extensions = [
  keymap.of([indentWithTab, ...defaultKeymap, ...historyKeymap]),
  history(), drawSelection(), bracketMatching(), indentOnInput(), indentUnit.of("    "), python(), syntaxHighlighting(colours), theme,
  EditorView.contentAttributes.of({ "aria-label": words.code }),
  EditorView.domEventHandlers({ blur: (event, view) => { view.scrollDOM.scrollLeft = 0; } }),  // lines are read from their start
];

// Open the editor of a cell, if it is not open yet. It becomes cell.editor.
export function open(cell) {
  if (cell.editor) return;
  const view = new EditorView({ doc: cell.source, extensions: [
    ...extensions, EditorView.updateListener.of(({ docChanged, state }) => { if (docChanged) cell.source = state.doc.toString(); })] });
  cell.listing.hidden = true;
  cell.listing.after(view.dom);
  cell.editor = {
    focus: () => view.focus(),
    show(text) {
      if (text !== view.state.doc.toString()) view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    close() {
      cell.editor = null;
      view.destroy();
      cell.listing.hidden = false;
      cell.showCode();
    },
  };
}
