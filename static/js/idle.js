// The idle cover: after the clinic's lock time nothing of the page can be read.
import { onPage } from "./page.js";

let last = Date.now();
const touch = () => (last = Date.now());

function look() {
  const { lockSeconds } = document.body.dataset;
  if (lockSeconds && Date.now() - last >= lockSeconds * 1000) lock();
}

function lock() {
  const cover = document.getElementById("cover");
  if (!cover || !cover.hidden) return;
  document.documentElement.classList.add("covered");
  cover.hidden = false;
  cover.querySelector("[data-kept]").hidden = !document.querySelector("form[data-draft]");
  cover.querySelector("a").focus();
}

for (const kind of ["keydown", "mousedown", "touchstart", "wheel"]) addEventListener(kind, touch, { passive: true });
addEventListener("visibilitychange", look, true);
document.addEventListener("shipa:locked", lock);
setInterval(look, 2000);

onPage(() => {
  touch();
  document.documentElement.classList.remove("covered");
});
