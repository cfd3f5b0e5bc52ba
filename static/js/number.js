// Numbers that are built as GB 11643 says: the citizen's, residence permits, the foreign permanent resident's.
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
// Signs that nobody sees: copied numbers bring direction marks.
const UNSEEN = /[\u00AD\u061C\u200B-\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/g;

/** As the server reads it: full-width signs made ordinary, no spaces, dashes or marks, capitals. */
export function normalised(text) {
  const plain = text.replace(UNSEEN, "").replace(/[\uFF01-\uFF5E]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0));
  return plain.replace(/[\s\-‐‑–—·.]/g, "").toUpperCase();
}

const hasShape = (number) => /^\d{17}[\dX]$/.test(number);

function isRight(number) {
  if (!hasShape(number)) return false;
  const sum = WEIGHTS.reduce((total, weight, place) => total + weight * number[place], 0);
  return "10X98765432"[sum % 11] === number[17];
}

/** Year, month, day and sex, of 18 characters or of an old number of 15; null where there is no such day. */
export function told(number) {
  const parts =
    /^\d{6}(\d{4})(\d\d)(\d\d)\d\d(\d)[\dX]$/.exec(number) ||
    // The sequences 996 to 999 were kept for people who were born a century earlier.
    (!/99[6-9]$/.test(number) && /^\d{6}(\d\d)(\d\d)(\d\d)\d\d(\d)$/.exec(number));
  if (!parts) return null;
  const [year, month, day] = [parts[1].length === 2 ? `19${parts[1]}` : parts[1], parts[2], parts[3]];
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== Number(day)) return null;
  return { birth: `${year}-${month}-${day}`, sex: parts[4] % 2 ? "1" : "2", isAhead: date > new Date() };
}

/** The kind of document that a right number belongs to, by how it begins. */
export function kindOf(number) {
  if (!isRight(number)) return "";
  return /^8[123]/.test(number) ? "P1" : number[0] === "9" ? "P2" : "01";
}

/** What is wrong with it: "future", "check", or nothing. Old numbers are asked about when the form is sent. */
export function fault(number) {
  if (/^(\d{15})?$/.test(number)) return "";
  const day = told(number);
  if (day && day.isAhead) return "future";
  return day && isRight(number) ? "" : "check";
}

/** True where the chosen kind of document, if the field names one, has such a number. */
export function applies(field) {
  const kind = document.getElementById(field.dataset.checkWhen || "");
  return !kind || field.dataset.checkValue.split(" ").includes(kind.value);
}
