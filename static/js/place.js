// After a button, a filter or another page of a list the hand is where it was, and not at the top again.
import { onPage } from "./page.js";

const MEMORY = "shipa-place";

function keep(at) {
  if (!at.id && !at.rel) return;
  sessionStorage.setItem(MEMORY, JSON.stringify({ id: at.id, path: location.pathname, y: scrollY }));
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-main]")) keep(document.activeElement);
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("main .filters a,main .pager a");
  if (link) keep(link);
});

/** Where to go on: what refused comes first, then what was pressed; of another page of a list its lines. */
function find(past) {
  const told = document.querySelector("main > .flash-warn[role=status],main > .flash-error");
  if (told) told.tabIndex = -1;
  return told || (past.id ? document.getElementById(past.id) : document.querySelector("main .table-frame"));
}

onPage(() => {
  const past = JSON.parse(sessionStorage.getItem(MEMORY));
  sessionStorage.removeItem(MEMORY);
  // A page that says itself where one begins is obeyed.
  if (!past || past.path !== location.pathname || document.querySelector("[autofocus]")) return;
  const at = find(past);
  if (at && at.id) scrollTo({ top: past.y, behavior: "instant" });
  (at || document.getElementById("main")).focus();
});
