/** Completion in the writing box: "@" people and organisations, "#" rooms and records, ":" signs. */

import { type } from "./room-format";

interface Offer {
  label: string;
  sub: string;
  insert: string;
}
interface Source {
  /** What was typed, up to the cursor; its first group is looked for. */
  typed: RegExp;
  /** What fits. `word` is in lower case. */
  find: (word: string) => Promise<Offer[]>;
}

const MOST = 8;
const PAUSE = 120;

async function json<T>(url: string): Promise<T | null> {
  const response = await fetch(url, { headers: { Accept: "application/json" } }).catch(() => null);
  return response?.ok && !response.redirected ? ((await response.json()) as T) : null;
}

/** Asks once, and again only when that failed. */
function once<T>(url: string): () => Promise<T | null> {
  let asked: Promise<T | null> | null = null;
  return async () => {
    const found = await (asked ??= json<T>(url));
    if (!found) asked = null;
    return found;
  };
}

const begins = (text: string, word: string): boolean => text.toLowerCase().startsWith(word) || text.toLowerCase().includes(` ${word}`);

function people(url: string): Source {
  const load = once<{ people: { name: string; organisation: string }[]; organisations: { name: string; people: string }[] }>(url);
  return {
    typed: /(?:^|[\s(])@([^@\n]{0,30})$/,
    find: async (word) => {
      const found = await load();
      const persons = (found?.people ?? []).map(({ name, organisation }) => ({ label: name, sub: organisation, insert: `@${name} ` }));
      const groups = (found?.organisations ?? []).map(({ name, people: all }) => ({ label: name, sub: all, insert: `@${name} ` }));
      return [...persons, ...groups].filter(({ label }) => begins(label, word) && label.toLowerCase() !== word);
    },
  };
}

function rooms(url: string): Source {
  let latest = 0;
  return {
    typed: /(?:^|[\s(])#([^#\n]{1,40})$/,
    find: async (word) => {
      const mine = ++latest;
      await new Promise((done) => window.setTimeout(done, PAUSE));
      if (mine !== latest) return [];
      return (await json<{ offers: Offer[] }>(`${url}?q=${encodeURIComponent(word)}`))?.offers ?? [];
    },
  };
}

function signs(url: string): Source {
  const load = once<Record<string, string>>(url);
  return {
    typed: /(?:^|[\s(]):([a-z0-9_+-]{2,30})$/i,
    find: async (word) => {
      const fits = Object.entries((await load()) ?? {}).filter(([names]) => names.split(" ").some((name) => name.includes(word)));
      const near = ([names]: [string, string]): number => (names.split(" ").some((name) => name.startsWith(word)) ? 0 : 1);
      return fits.sort((a, b) => near(a) - near(b)).map(([names, sign]) => ({ label: `${sign} ${names.split(" ")[0]?.replaceAll("_", " ") ?? ""}`, sub: "", insert: `${sign} ` }));
    },
  };
}

export class Complete {
  private readonly sources: Source[];
  private found: Offer[] = [];
  private from = 0; // where the word with its sign begins
  private at = 0;

  constructor(
    private readonly box: HTMLTextAreaElement,
    private readonly list: HTMLElement,
    { people: names = "", offers = "", emoji = "" }: DOMStringMap,
  ) {
    const known = [names && people(names), offers && rooms(offers), emoji && signs(emoji)];
    this.sources = known.filter((source) => source !== "");
    list.id = `names-${Math.random().toString(36).slice(2)}`;
    box.setAttribute("aria-controls", list.id);
    box.addEventListener("input", () => void this.offer());
    box.addEventListener("blur", () => window.setTimeout(() => this.close(), 150));
    list.addEventListener("pointerdown", (event) => {
      const item = (event.target as Element).closest<HTMLElement>("li");
      if (!item) return;
      event.preventDefault();
      this.choose(Number(item.dataset["index"]));
    });
  }

  /** Takes the keys of the open list; says whether it did. */
  key(event: KeyboardEvent): boolean {
    if (this.list.hidden) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      this.at = (this.at + (event.key === "ArrowDown" ? 1 : this.found.length - 1)) % this.found.length;
      this.draw();
    } else if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Tab") this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  private typed(): { source: Source; word: string } | null {
    const text = this.box.value.slice(0, this.box.selectionStart);
    let nearest: { source: Source; word: string } | null = null;
    for (const source of this.sources) {
      const word = source.typed.exec(text)?.[1]?.toLowerCase();
      if (word !== undefined && (!nearest || word.length < nearest.word.length)) nearest = { source, word };
    }
    if (nearest) this.from = text.length - nearest.word.length - 1;
    return nearest;
  }

  private async offer(): Promise<void> {
    const asked = this.typed();
    if (!asked) return this.close();
    const found = await asked.source.find(asked.word);
    const now = this.typed();
    if (now?.word !== asked.word || now.source !== asked.source) return;
    this.found = document.activeElement === this.box ? found.slice(0, MOST) : [];
    this.at = 0;
    this.draw();
  }

  private draw(): void {
    this.list.replaceChildren(
      ...this.found.map(({ label, sub }, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.role = "option";
        item.dataset["index"] = String(index);
        item.setAttribute("aria-selected", String(index === this.at));
        item.append(label, Object.assign(document.createElement("small"), { textContent: sub }));
        return item;
      }),
    );
    this.list.hidden = this.found.length === 0;
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  private choose(index: number): void {
    const offer = this.found[index];
    this.close();
    if (offer && this.typed()) type(this.box, offer.insert, this.from, this.box.selectionStart);
  }

  private close(): void {
    this.found = [];
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}
