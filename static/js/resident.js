// An identity card's number says sex and birth date: fill them in at the last digit, unless someone has.
import { applies, kindOf, normalised, told } from "./number.js";

const set = (element, value) => {
  element.value = value;
  element.dataset.filled = value;
};

const isFree = (element) => !element.value || element.value === element.dataset.filled;

/** A permit's or a foreign card's number says which document it is, as long as nobody has chosen another. */
function choose(kind, number) {
  const read = kindOf(number);
  if (!kind || !read || read === kind.value || (kind.value !== "01" && !kind.dataset.filled)) return;
  set(kind, read);
}

document.addEventListener("input", (event) => {
  const { fillsBirth, fillsSex, checkWhen } = event.target.dataset;
  if (!fillsBirth) return;
  const number = normalised(event.target.value);
  choose(document.getElementById(checkWhen || ""), number);
  const said = applies(event.target) && told(number);
  if (!said || said.isAhead) return;
  const birth = document.getElementById(fillsBirth);
  if (birth && isFree(birth)) set(birth, said.birth);
  const radios = Array.from(document.getElementsByName(fillsSex));
  const chosen = radios.find((radio) => radio.checked);
  if (chosen && !chosen.dataset.filled) return;
  radios.forEach((radio) => {
    radio.checked = radio.value === said.sex;
    if (radio.checked) radio.dataset.filled = "yes";
    else delete radio.dataset.filled;
  });
});

// A birth date says how it was understood: left behind, 1963年5月7日 or 19630507 reads 1963-05-07.
const WORDS = /年|月|日|号|يىلى|يىل|ئاينىڭ|ئاي|كۈنى|كۈن/g;

function understood(text) {
  const plain = text.normalize("NFKC").replace(WORDS, "-").replace(/[-‐–—./،,\s]+/g, "-").replace(/^-|-$/g, "");
  const parts = /^(\d{4})(?:-(\d\d?)(?:-(\d\d?))?)?$/.exec(plain) || /^(\d{4})(\d\d)(\d\d)?$/.exec(plain);
  if (!parts) return text;
  return parts.slice(1).filter(Boolean).map((part) => part.padStart(2, "0")).join("-");
}

document.addEventListener("change", (event) => {
  const field = event.target;
  if ("birth" in field.dataset) field.value = understood(field.value);
});
