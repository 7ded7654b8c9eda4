/** Buttons with data-copy put the text of the element they name on the clipboard. */
import { word } from "./words";

/** The text of an element as it is pasted elsewhere: no blanks around it. */
export const pasted = (text: string | null): string => (text ?? "").trim();

/** An office's page may come over plain http, where the browser offers no clipboard: then the old way. */
function oldWay(text: string): boolean {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "vh";
  document.body.append(field);
  field.select();
  const done = document.execCommand("copy");
  field.remove();
  return done;
}

async function put(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return oldWay(text);
  }
}

/** Every button of the page; it says for a moment that it has copied. */
export function copyButtons(): void {
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-copy]") : null;
    const from = button ? document.getElementById(button.dataset.copy ?? "") : null;
    if (!button || !from) return;
    void put(pasted(from.textContent)).then((done) => {
      const was = button.textContent;
      button.textContent = word(done ? "copied" : "notCopied");
      window.setTimeout(() => { button.textContent = was; }, 1500);
    });
  });
}
