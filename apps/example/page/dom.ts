/** The element with this id, which the page is known to have. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`The page has no ${type.name} #${id}.`);
  return found;
}

/** Shows a failure that belongs to no part of the page, or takes it away. */
export function showProblem(text: string | undefined): void {
  const problem = byId("problem", HTMLElement);
  problem.hidden = text === undefined;
  problem.textContent = text ?? "";
}

/** Copies the text of the element that a copy button names, and says whether that worked. */
export async function copyFrom(button: HTMLElement): Promise<void> {
  const source = byId(button.dataset["copies"] ?? "", HTMLElement);
  try {
    await navigator.clipboard.writeText(source.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    // Without the permission, or on plain http elsewhere than localhost: leave the text selected instead.
    getSelection()?.selectAllChildren(source);
    button.textContent = "Selected";
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}
