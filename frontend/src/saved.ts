/** Boxes that save themselves (data-saved): after an answer they show what the portal holds, not what was clicked. */

document.addEventListener("htmx:after:swap", () => {
  // a morph changes the attribute; a box that was clicked once no longer follows it
  for (const box of document.querySelectorAll<HTMLInputElement>("input[data-saved]")) box.checked = box.hasAttribute("checked");
});
