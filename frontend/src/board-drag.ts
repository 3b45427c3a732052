/** Dragging cards over a board: a mouse or pen drags at once, a finger after holding still, so that swiping scrolls. */

const START = 6; // pixels before a press becomes a drag, so that clicks stay clicks
const HOLD = 350; // milliseconds that a finger rests before it lifts a card
const EDGE = 48; // pixels from the side in which the board scrolls along

type Drop = (card: HTMLElement, column: HTMLElement) => void;

export class BoardDrag {
  constructor(
    private readonly root: HTMLElement,
    private readonly drop: Drop,
  ) {
    root.addEventListener("pointerdown", (event) => this.press(event));
    root.addEventListener("touchmove", (event) => root.querySelector(".lifted") && event.preventDefault(), { passive: false });
    root.addEventListener("contextmenu", (event) => root.querySelector(".lifted") && event.preventDefault());
  }

  private press(event: PointerEvent): void {
    const card = (event.target as Element).closest<HTMLElement>("[data-move-url]");
    if (!card || event.button !== 0) return;
    const { clientX: x, clientY: y, pointerId } = event;
    const touch = event.pointerType === "touch";
    const stop = new AbortController();
    const { signal } = stop;
    const scrolled = this.root.scrollLeft;
    const lift = (): void => {
      card.classList.add("lifted");
      if (touch) navigator.vibrate?.(15);
    };
    const timer = touch ? window.setTimeout(lift, HOLD) : 0;
    const move = (now: PointerEvent): void => {
      if (now.pointerId !== pointerId) return;
      const far = Math.hypot(now.clientX - x, now.clientY - y) >= START;
      if (!card.classList.contains("lifted")) {
        if (!far) return;
        if (touch) return end(now);
        lift();
      }
      this.along(now.clientX);
      card.style.translate = `${now.clientX - x + this.root.scrollLeft - scrolled}px ${now.clientY - y}px`;
      this.hover(this.under(now, card));
    };
    const end = (now: PointerEvent): void => {
      if (now.pointerId !== pointerId) return;
      window.clearTimeout(timer);
      stop.abort();
      const lifted = card.classList.contains("lifted");
      const column = lifted && now.type === "pointerup" ? this.under(now, card) : null;
      if (lifted) this.swallowClick();
      card.classList.remove("lifted");
      card.style.translate = "";
      this.hover(null);
      if (column) this.drop(card, column);
    };
    document.addEventListener("pointermove", move, { signal });
    document.addEventListener("pointerup", end, { signal });
    document.addEventListener("pointercancel", end, { signal });
    card.addEventListener("dragstart", (drag) => drag.preventDefault(), { signal });
  }

  /** The click that follows a drag opens nothing. */
  private swallowClick(): void {
    const stop = new AbortController();
    window.addEventListener("click", (click) => click.preventDefault(), { capture: true, once: true, signal: stop.signal });
    window.setTimeout(() => stop.abort(), 50);
  }

  private along(x: number): void {
    const { left, right } = this.root.getBoundingClientRect();
    if (x > right - EDGE) this.root.scrollLeft += 14;
    else if (x < left + EDGE) this.root.scrollLeft -= 14;
  }

  private under(event: PointerEvent, card: HTMLElement): HTMLElement | null {
    const hit = document.elementsFromPoint(event.clientX, event.clientY).find((element) => !card.contains(element));
    const column = hit?.closest<HTMLElement>("[data-stage]") ?? null;
    return column && this.root.contains(column) && column.closest(".lane") === card.closest(".lane") ? column : null;
  }

  private hover(column: HTMLElement | null): void {
    for (const other of this.root.querySelectorAll("[data-stage]")) other.classList.toggle("over", other === column);
  }
}
