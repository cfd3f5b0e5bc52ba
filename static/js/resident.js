// An identity card's number says sex and birth date: fill them in at the last digit, unless someone has.
const set = (element, value) => {
  element.value = value;
  element.dataset.filled = value;
};

const isFree = (element) => !element.value || element.value === element.dataset.filled;

/** Year, month, day and the digit of the sex, of 18 characters or of an old number of 15. */
function read(number) {
  const parts =
    /^\d{6}(\d{4})(\d\d)(\d\d)\d\d(\d)[\dX]$/.exec(number) || /^\d{6}(\d\d)(\d\d)(\d\d)\d\d(\d)$/.exec(number);
  if (!parts) return null;
  const [year, month, day] = [parts[1].length === 2 ? `19${parts[1]}` : parts[1], parts[2], parts[3]];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== Number(day)) return null;
  return { birth: `${year}-${month}-${day}`, sex: parts[4] % 2 ? "1" : "2" };
}

document.addEventListener("input", (event) => {
  const { fillsBirth, fillsSex, checkWhen, checkValue } = event.target.dataset;
  const kind = document.getElementById(checkWhen || "");
  if (!fillsBirth || (kind && kind.value !== checkValue)) return;
  const told = read(event.target.value.replace(/[\s-]/g, "").toUpperCase());
  if (!told) return;
  const birth = document.getElementById(fillsBirth);
  if (birth && isFree(birth)) set(birth, told.birth);
  const radios = Array.from(document.getElementsByName(fillsSex));
  const chosen = radios.find((radio) => radio.checked);
  if (chosen && !chosen.dataset.filled) return;
  radios.forEach((radio) => {
    radio.checked = radio.value === told.sex;
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
