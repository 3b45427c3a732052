/** Markdown by buttons and keys: marks around what is chosen, signs before its lines. A second press takes them away. */

type Change = (chosen: string) => { text: string; from: number; to: number };

/** Writes at the cursor as typing does, so that undo takes it back. */
export function type(box: HTMLTextAreaElement, text: string, from: number, to: number): void {
  box.focus();
  box.setSelectionRange(from, to);
  // the one way of writing that keeps the history of undo; where a browser drops it, the text is set all the same
  if (!document.execCommand("insertText", false, text)) {
    box.setRangeText(text, from, to, "end");
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

const around =
  (mark: string): Change =>
  (chosen) => {
    const marked = chosen.length > 2 * mark.length && chosen.startsWith(mark) && chosen.endsWith(mark);
    if (marked) return { text: chosen.slice(mark.length, -mark.length), from: 0, to: chosen.length - 2 * mark.length };
    return { text: mark + chosen + mark, from: mark.length, to: mark.length + chosen.length };
  };

const before =
  (sign: (line: number) => string, has: RegExp): Change =>
  (chosen) => {
    const lines = chosen.split("\n");
    const all = lines.every((line) => has.test(line));
    const text = lines.map((line, index) => (all ? line.replace(has, "") : sign(index) + line)).join("\n");
    return { text, from: chosen ? 0 : text.length, to: text.length };
  };

const code: Change = (chosen) => {
  if (!chosen.includes("\n")) return around("`")(chosen);
  return { text: `\`\`\`\n${chosen}\n\`\`\``, from: 4, to: 4 + chosen.length };
};

const link: Change = (chosen) => {
  const address = /^https?:\/\/\S+$/.test(chosen);
  const text = address ? `[](${chosen})` : `[${chosen}](https://)`;
  return address ? { text, from: 1, to: 1 } : { text, from: text.length - 9, to: text.length - 1 };
};

const CHANGES: Record<string, { change: Change; lines?: boolean; mark?: string }> = {
  bold: { change: around("**"), mark: "**" },
  italic: { change: around("*"), mark: "*" },
  code: { change: code },
  link: { change: link },
  list: { change: before(() => "- ", /^\s*[-*] /), lines: true },
  numbers: { change: before((line) => `${line + 1}. `, /^\s*\d+\. /), lines: true },
  quote: { change: before(() => "> ", /^> ?/), lines: true },
};
const KEYS: Record<string, string> = { b: "bold", i: "italic", k: "link" };

/** True when the mark stands on both sides of what is chosen; three stars are both, bold and italic. */
function stands(mark: string, text: string, from: number, to: number): boolean {
  const stars = Math.min(/\**$/.exec(text.slice(0, from))![0].length, /^\**/.exec(text.slice(to))![0].length);
  return from < to && (mark === "*" ? stars === 1 || stars === 3 : stars === 2 || stars === 3);
}

/** Changes what is chosen in the box. */
export function format(box: HTMLTextAreaElement, name: string): void {
  const known = CHANGES[name];
  if (!known) return;
  let [from, to] = [box.selectionStart, box.selectionEnd];
  const { mark } = known;
  if (mark && stands(mark, box.value, from, to)) {
    type(box, box.value.slice(from, to), from - mark.length, to + mark.length);
    box.setSelectionRange(from - mark.length, to - mark.length);
    return;
  }
  if (known.lines) {
    from = box.value.lastIndexOf("\n", from - 1) + 1;
    const end = box.value.indexOf("\n", to);
    to = end < 0 ? box.value.length : end;
  }
  const changed = known.change(box.value.slice(from, to));
  type(box, changed.text, from, to);
  box.setSelectionRange(from + changed.from, from + changed.to);
}

/** Takes Ctrl with B, I or K; says whether it did. */
export function formatKey(box: HTMLTextAreaElement, event: KeyboardEvent): boolean {
  const name = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey ? KEYS[event.key.toLowerCase()] : undefined;
  if (!name) return false;
  event.preventDefault();
  event.stopPropagation(); // Ctrl-K is the palette's elsewhere
  format(box, name);
  return true;
}

/** An address pasted over chosen words makes a link of them; says whether it did. */
export function pasteLink(box: HTMLTextAreaElement, text: string): boolean {
  const chosen = box.value.slice(box.selectionStart, box.selectionEnd);
  if (!/^https?:\/\/\S+$/.test(text) || !chosen.trim() || chosen.includes("\n") || /^https?:/.test(chosen)) return false;
  type(box, `[${chosen}](${text})`, box.selectionStart, box.selectionEnd);
  return true;
}

/** Enter in a list begins its next line, and ends the list on an empty one; says whether it did. */
export function continueList(box: HTMLTextAreaElement): boolean {
  const start = box.value.lastIndexOf("\n", box.selectionStart - 1) + 1;
  const line = box.value.slice(start, box.selectionStart);
  const found = /^(\s*)(?:([-*])|(\d+)\.) (.*)$/.exec(line);
  if (!found || box.selectionStart !== box.selectionEnd) return false;
  const [, indent = "", bullet, number, words] = found;
  if (words) type(box, `\n${indent}${bullet ?? `${Number(number) + 1}.`} `, box.selectionStart, box.selectionStart);
  else type(box, "", start, box.selectionStart);
  return true;
}
