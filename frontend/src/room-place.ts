/** The reader's place in a log that grows on both sides: what they look at stays where it is, whatever is added. */

const NEAR = 80; // pixels from the end that still count as being there

export class Place {
  private mark = { id: "", top: 0 }; // the first message in sight, and how far below the edge it stands
  private following = true;
  private top = 0;

  /** `follows` says whether the end of the log on the page is the end of the room: there one moves along with it. */
  constructor(
    private readonly log: HTMLElement,
    private readonly follows: () => boolean,
    moved: () => void,
  ) {
    log.addEventListener("scroll", () => (this.note(), moved()), { passive: true });
    const sizes = new ResizeObserver(() => this.restore());
    const watch = (nodes: Iterable<Node>): void => {
      for (const node of nodes) if (node instanceof Element) sizes.observe(node);
    };
    sizes.observe(log);
    watch(log.children);
    new MutationObserver((changes) => {
      for (const { addedNodes, removedNodes } of changes) {
        watch(addedNodes);
        for (const node of removedNodes) if (node instanceof Element) sizes.unobserve(node);
      }
    }).observe(log, { childList: true });
  }

  /** True when the reader sees the end of what is on the page. */
  get near(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.log;
    return scrollHeight - scrollTop - clientHeight < NEAR;
  }

  /** Changes the log and keeps the reader's place, or the end when they stand there. */
  hold(change: () => void): void {
    this.note();
    change();
    this.restore();
  }

  /** Goes to the end and stays there. */
  toEnd(): void {
    this.log.scrollTop = this.log.scrollHeight;
    this.note();
    this.restore();
  }

  /** Brings a line to a share of the height of the log, without moving the page. */
  show(line: Element, share = 0.5): void {
    this.following = false;
    this.log.scrollTop += this.distance(line) - this.log.clientHeight * share;
    this.note();
  }

  /** The first message in sight: found by halves, as hundreds are on the page. */
  first(): HTMLElement | undefined {
    const all = [...this.log.querySelectorAll<HTMLElement>(":scope > [data-seq]")];
    const edge = this.log.getBoundingClientRect().top;
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((all[middle]?.getBoundingClientRect().bottom ?? 0) > edge) high = middle;
      else low = middle + 1;
    }
    return all[low];
  }

  private distance(line: Element): number {
    return line.getBoundingClientRect().top - this.log.getBoundingClientRect().top;
  }

  private note(): void {
    const { scrollTop } = this.log;
    // who stood at the end and did not go up stands there still, though the log grew before one heard of the scroll
    const stays = this.following && scrollTop >= this.top - 1;
    this.following = (stays || this.near) && this.follows();
    this.top = scrollTop;
    const first = this.first();
    this.mark = { id: first?.id ?? "", top: first ? this.distance(first) : 0 };
  }

  private restore(): void {
    if (this.following) this.log.scrollTop = this.log.scrollHeight;
    else {
      const line = this.mark.id && this.log.querySelector(`#${CSS.escape(this.mark.id)}`);
      if (line) this.log.scrollTop += this.distance(line) - this.mark.top;
    }
  }
}
