/** "@" in the writing box offers the people of the room. */

interface Person {
  name: string;
  organisation: string;
}

const MOST = 6;
const TYPED = /(?:^|\s)@([^@\n]{0,30})$/;

export class Mentions {
  private people: Promise<Person[]> | null = null;
  private found: Person[] = [];
  private at = 0;

  constructor(
    private readonly box: HTMLTextAreaElement,
    private readonly list: HTMLElement,
    private readonly url: string,
  ) {
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
    } else if ((event.key === "Enter" && !event.ctrlKey) || event.key === "Tab") this.choose(this.at);
    else if (event.key === "Escape") this.close();
    else return false;
    event.preventDefault();
    return true;
  }

  private typed(): string | null {
    return TYPED.exec(this.box.value.slice(0, this.box.selectionStart))?.[1] ?? null;
  }

  private load(): Promise<Person[]> {
    this.people ??= fetch(this.url, { headers: { Accept: "application/json" } })
      .then((response) => response.json() as Promise<{ people: Person[] }>)
      .then(({ people }) => people)
      .catch(() => []);
    return this.people;
  }

  private async offer(): Promise<void> {
    if (this.typed() === null) return this.close();
    const people = await this.load();
    const word = this.typed()?.toLowerCase();
    if (word === undefined) return this.close();
    const fits = ({ name }: Person): boolean => name.toLowerCase().startsWith(word) || name.toLowerCase().includes(` ${word}`);
    this.found = people.filter((person) => fits(person) && person.name.toLowerCase() !== word).slice(0, MOST);
    this.at = 0;
    this.draw();
  }

  private draw(): void {
    this.list.replaceChildren(
      ...this.found.map(({ name, organisation }, index) => {
        const item = document.createElement("li");
        item.id = `${this.list.id}-${index}`;
        item.role = "option";
        item.dataset["index"] = String(index);
        item.setAttribute("aria-selected", String(index === this.at));
        item.append(name, Object.assign(document.createElement("small"), { textContent: organisation }));
        return item;
      }),
    );
    this.list.hidden = this.found.length === 0;
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `${this.list.id}-${this.at}`);
  }

  private choose(index: number): void {
    const person = this.found[index];
    const word = this.typed();
    if (!person || word === null) return;
    const end = this.box.selectionStart;
    this.box.setRangeText(`@${person.name} `, end - word.length - 1, end, "end");
    this.close();
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  private close(): void {
    this.found = [];
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}
