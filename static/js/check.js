// The check digit of a citizen's number (GB 11643): told, never refused. The text comes from the template.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

function isWrong(number) {
  // Old numbers have 15 digits and no check digit; the server asks about them when it is sent.
  if (/^(\d{15})?$/.test(number)) return false;
  if (!/^\d{17}[\dX]$/.test(number)) return true;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * number[place], 0);
  return "10X98765432"[sum % 11] !== number[17];
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if (field.dataset.check !== "citizen-id") return;
  const id = `${field.id}-check`;
  const note = document.getElementById(id) || document.createElement("p");
  note.id = id;
  note.className = "hint hint-warn";
  note.setAttribute("role", "status");
  // The template names the field that says which kind of document it is; only a citizen's number is checked.
  const kind = document.getElementById(field.dataset.checkWhen || "");
  const applies = !kind || kind.value === field.dataset.checkValue;
  const number = field.value.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
  // A masked number was not typed here.
  note.textContent = applies && !number.includes("*") && isWrong(number) ? field.dataset.textCheck : "";
  field.after(note);
});
