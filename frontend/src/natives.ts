/** Files and days: what the browser would say in its own language is said in the page's. Without script both stay native. */
import { word } from "./words";

/** A button in the page's language and the names chosen; the native control stays focusable beneath it. */
export function fileButton(input: HTMLInputElement): void {
  if (!input.id || input.classList.contains("native-file")) return;
  const button = document.createElement("label");
  button.className = "b s file-button";
  button.htmlFor = input.id;
  button.textContent = word(input.multiple ? "chooseFiles" : "chooseFile");
  const names = document.createElement("span");
  names.className = "file-names";
  names.setAttribute("aria-live", "polite");
  const say = (): void => {
    const chosen = Array.from(input.files ?? [], (file) => file.name);
    names.textContent = chosen.length ? chosen.join("、") : word("noFile");
  };
  input.classList.add("native-file");
  input.after(button, names);
  input.addEventListener("change", say);
  input.form?.addEventListener("reset", () => window.setTimeout(say));
  say();
}

/** A day is read and typed as 2026-11-20 whatever the browser's language; the native calendar opens beside it. */
export function dayField(input: HTMLInputElement): void {
  if (typeof input.showPicker !== "function" || input.disabled || input.readOnly) return;
  const picker = input.cloneNode() as HTMLInputElement;
  for (const name of ["id", "name", "required", "aria-describedby", "aria-invalid"]) picker.removeAttribute(name);
  picker.className = "day-picker";
  picker.tabIndex = -1;
  picker.setAttribute("aria-hidden", "true");
  const day = input.value;
  input.type = "text";
  input.inputMode = "numeric";
  input.maxLength = 10;
  input.placeholder = "2026-11-20";
  input.classList.add("day");
  input.value = day;
  picker.value = day;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "b s";
  button.textContent = word("calendar");
  const box = document.createElement("span");
  box.className = "day-box";
  input.replaceWith(box);
  box.append(input, button, picker);
  button.addEventListener("click", () => {
    picker.value = plainDay(input.value);
    picker.showPicker();
  });
  input.addEventListener("input", () => (picker.value = plainDay(input.value)));
  input.addEventListener("change", () => (input.value = plainDay(input.value) || input.value));
  picker.addEventListener("change", () => {
    input.value = picker.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("change", { bubbles: true }));
    input.focus();
  });
}

/** 2026-11-20 from what people type (2026.11.20, 2026年11月20日, 20261120); empty where it is no day. */
export function plainDay(text: string): string {
  const found = /^\s*(\d{4})(?:[-./年]\s*(\d{1,2})[-./月]\s*(\d{1,2})日?|(\d{2})(\d{2}))\s*$/.exec(text);
  if (!found) return "";
  const [year, month, day] = [found[1], found[2] ?? found[4], found[3] ?? found[5]].map(Number) as [number, number, number];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return "";
  return date.toISOString().slice(0, 10);
}

export function natives(root: ParentNode = document): void {
  root.querySelectorAll<HTMLInputElement>("input[type=file]").forEach(fileButton);
  root.querySelectorAll<HTMLInputElement>("input[type=date]:not(.day-picker)").forEach(dayField);
}
