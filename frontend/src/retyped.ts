/** A form whose parts are fetched anew (another vendor, another type) keeps what was typed while they were on their way. */

interface Context {
  sourceElement: Element;
}
interface Asked {
  form: HTMLFormElement;
  sent: Map<string, string>;
  typed: Map<string, string>;
}
type Field = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

const asked = new WeakMap<object, Asked>();
const contextOf = (event: Event): Context => (event as CustomEvent<{ ctx: Context }>).detail.ctx;

/** The fields that people fill, by name; what decides on the parts themselves is not among them. */
function fieldsIn(form: HTMLFormElement): Map<string, Field> {
  const found = form.querySelectorAll<Field>("input[name]:not([type=hidden], [type=file], [type=checkbox], [type=radio]), textarea[name], select[name]");
  return new Map([...found].filter((field) => !field.closest("#part-type")).map((field) => [field.name, field]));
}

const valuesIn = (form: HTMLFormElement): Map<string, string> => new Map([...fieldsIn(form)].map(([name, field]) => [name, field.value]));

document.addEventListener("htmx:config:request", (event) => {
  const context = contextOf(event);
  const form = context.sourceElement.closest<HTMLFormElement>("form[data-autosave]");
  if (form) asked.set(context, { form, sent: valuesIn(form), typed: new Map() });
});

document.addEventListener("htmx:before:swap", (event) => {
  const request = asked.get(contextOf(event));
  if (!request) return;
  for (const [name, value] of valuesIn(request.form)) if (request.sent.get(name) !== value) request.typed.set(name, value);
});

document.addEventListener("htmx:after:swap", (event) => {
  const request = asked.get(contextOf(event));
  if (!request) return;
  const fields = fieldsIn(request.form);
  for (const [name, value] of request.typed) {
    const field = fields.get(name);
    if (!field || field.value === value) continue;
    field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
