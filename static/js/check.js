// The check digit of a citizen's number (GB 11643): told at the last keystroke, never refused. The texts come from the template.
import { applies, fault, normalised } from "./number.js";

const WHOLE = 18;

function tell(field, leaving) {
  const id = `${field.id}-check`;
  const note = document.getElementById(id) || document.createElement("p");
  note.id = id;
  note.className = "hint hint-warn";
  note.setAttribute("role", "status");
  const number = normalised(field.value);
  // A masked number was not typed here; a short one may only be on its way.
  const asked = applies(field) && !number.includes("*") && (leaving || number.length >= WHOLE);
  const wrong = asked && fault(number);
  note.textContent = wrong === "future" ? field.dataset.textFuture : wrong ? field.dataset.textCheck : "";
  if (!note.isConnected) field.after(note);
}

for (const kind of ["input", "change"]) {
  document.addEventListener(kind, (event) => {
    if (event.target.dataset.check === "citizen-id") tell(event.target, kind === "change");
  });
}
