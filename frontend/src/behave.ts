/** How behaviours find their elements: now, and whenever some arrive later, by whatever road. */

type Attach = (element: HTMLElement) => void;

const behaviours: { selector: string; attach: Attach; done: WeakSet<Element> }[] = [];

function attachWithin(root: Element): void {
  for (const { selector, attach, done } of behaviours) {
    const found = [...root.querySelectorAll<HTMLElement>(selector)];
    if (root.matches(selector)) found.unshift(root as HTMLElement);
    for (const element of found) {
      if (done.has(element)) continue;
      done.add(element);
      attach(element);
    }
  }
}

/** Calls `attach` once for every element that matches, present or future. */
export function behaviour(selector: string, attach: Attach): void {
  behaviours.push({ selector, attach, done: new WeakSet() });
  attachWithin(document.documentElement);
}

/** Listens on the document for an event inside elements that match: needs no attaching at all. */
export function within<K extends keyof DocumentEventMap>(
  type: K,
  selector: string,
  act: (element: HTMLElement, event: DocumentEventMap[K]) => void,
): void {
  document.addEventListener(type, (event) => {
    const element = (event.target as Element | null)?.closest?.<HTMLElement>(selector);
    if (element) act(element, event);
  });
}

/** True where keys are for writing. */
export function isWriting(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target.closest("textarea, select")) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit"].includes(target.type);
}

new MutationObserver((changes) => {
  for (const change of changes) {
    for (const node of change.addedNodes) if (node instanceof Element) attachWithin(node);
  }
}).observe(document.documentElement, { childList: true, subtree: true });
