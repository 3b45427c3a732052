/** On a low screen the navigation scrolls by itself: the place where the reader is stands in view from the start. */

document.querySelector("nav.side a[aria-current]")?.scrollIntoView({ block: "nearest" });
export {};
