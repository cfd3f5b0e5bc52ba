// The language switch: the same page in the other language, with every letter, the caret and the place on it.
import { answers, post, say, show, target } from "./page.js";

let composing = false;
addEventListener("compositionstart", () => (composing = true));
addEventListener("compositionend", () => (composing = false));

const kept = "input:not([type=hidden]):not([type=password]):not([type=file]),select,textarea";

/** What stands in the page now, by the ids of its fields. */
function remember() {
  const fields = {};
  for (const field of document.querySelectorAll(kept)) {
    if (field.id) fields[field.id] = [field.value, field.checked];
  }
  const at = document.activeElement;
  let caret = null;
  try {
    caret = [at.selectionStart, at.selectionEnd, at.selectionDirection];
  } catch (_) {
    // A select or a check box has no caret.
  }
  return { fields, at: at.id, key: at.dataset.key, caret, x: scrollX, y: scrollY };
}

function recall(past) {
  for (const [id, [value, checked]] of Object.entries(past.fields)) {
    const field = document.getElementById(id);
    if (!field || field.type === "radio" || field.type === "checkbox") {
      if (field) field.checked = checked;
    } else field.value = value;
  }
  scrollTo(past.x, past.y);
  const at = document.getElementById(past.at) || (past.key && document.querySelector(`[data-key="${past.key}"]`));
  if (!at) return;
  at.focus({ preventScroll: true });
  if (past.caret && past.caret[0] !== null && at.setSelectionRange) {
    try {
      at.setSelectionRange(...past.caret);
    } catch (_) {
      // This kind of field has no caret.
    }
  }
}

async function change(button) {
  const form = button.form;
  try {
    const answer = await post(target(form), answers(form, button, true));
    // A page that was refused is refused in the other language too; where a text could be lost it stays as it is.
    if (answer.status >= 500 || (!answer.ok && form.matches("[data-main]"))) throw new Error(answer.status);
    // Read as late as possible: the person may have gone on typing.
    let past;
    await show(answer, true, () => (past = remember()));
    recall(past);
  } catch (_) {
    say("lost", () => change(button));
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-language]");
  if (!button) return;
  event.preventDefault();
  if (composing || button.disabled) return;
  button.disabled = true;
  change(button).then(() => (button.disabled = false));
});
