/** The files that go with a message: chosen, pasted, or dropped anywhere on the room; seen before they are sent. */

const MOST = 10;
const LARGEST = 20_000_000; // as chat/files.py has it: told before anything is sent

export class Files {
  chosen: File[] = [];
  private inside = 0;

  constructor(
    private readonly sheet: HTMLElement,
    private readonly list: HTMLElement,
    private readonly picker: HTMLInputElement,
    private readonly refuse: (sentence: string) => void,
  ) {
    picker.addEventListener("change", () => this.take(picker.files));
    this.acceptDrops();
  }

  /** Adds files; says whether there were any. */
  take(files: FileList | null | undefined): boolean {
    if (!files?.length) return false;
    for (const file of files) {
      const wrong = this.wrong(file);
      if (wrong) this.refuse(wrong);
      else this.chosen.push(file);
    }
    this.picker.value = "";
    this.show();
    return true;
  }

  clear(): void {
    this.chosen = [];
    this.show();
  }

  private wrong(file: File): string {
    const words = this.sheet.dataset;
    if (this.chosen.length >= MOST) return (words["wordsMany"] ?? "").replace("{n}", String(MOST));
    if (file.size > LARGEST) return (words["wordsLarge"] ?? "").replace("{name}", file.name).replace("{n}", String(LARGEST / 1e6));
    const taken = this.picker.accept.split(",");
    const known = taken.some((ending) => file.name.toLowerCase().endsWith(ending));
    return known ? "" : (words["wordsKind"] ?? "").replace("{name}", file.name);
  }

  private show(): void {
    this.list.hidden = !this.chosen.length;
    this.list.querySelectorAll("img").forEach((image) => URL.revokeObjectURL(image.src));
    this.list.replaceChildren(...this.chosen.map((file) => this.item(file)));
  }

  private item(file: File): HTMLElement {
    const item = document.createElement("li");
    if (/^image\/(png|jpeg|gif|webp)$/.test(file.type)) item.append(Object.assign(document.createElement("img"), { src: URL.createObjectURL(file), alt: "" }));
    const size = new Intl.NumberFormat(document.documentElement.lang, { style: "unit", unit: "kilobyte", maximumFractionDigits: 0 });
    const name = Object.assign(document.createElement("span"), { className: "one-line", textContent: file.name, title: file.name });
    const label = `${this.sheet.dataset["wordsDrop"]}: ${file.name}`;
    const away = Object.assign(document.createElement("button"), { type: "button", className: "icon-btn", textContent: "×", ariaLabel: label });
    away.addEventListener("click", () => ((this.chosen = this.chosen.filter((each) => each !== file)), this.show()));
    item.append(name, Object.assign(document.createElement("small"), { textContent: size.format(Math.max(1, file.size / 1000)) }), away);
    return item;
  }

  private acceptDrops(): void {
    const brings = (event: DragEvent): boolean => event.dataTransfer?.types.includes("Files") ?? false;
    const count = (event: DragEvent, by: number): void => {
      if (!brings(event)) return;
      event.preventDefault();
      this.inside = Math.max(0, this.inside + by); // one enters a child before one leaves its parent
      this.sheet.classList.toggle("over", this.inside > 0);
    };
    this.sheet.addEventListener("dragenter", (event) => count(event, 1));
    this.sheet.addEventListener("dragleave", (event) => count(event, -1));
    this.sheet.addEventListener("dragover", (event) => brings(event) && event.preventDefault());
    this.sheet.addEventListener("drop", (event) => {
      count(event, -this.inside);
      this.take(event.dataTransfer?.files);
    });
  }
}
