// New mails appear by themselves, and the keys j k 1 2 3 4 work. Without this script all else does.
"use strict";

const everyMilliseconds = 1000;
const live = document.getElementById("live");
const known = new Set(numbers());

function list() { return document.getElementById("mails"); }

function numbers() {
  return [...document.querySelectorAll("#mails a")].map((link) => link.dataset.number);
}

async function look() {
  const open = document.querySelector("#mails a[aria-current]")?.dataset.number ?? "";
  const address = `/list?have=${list().dataset.count}&open=${open}`;
  try {
    const answer = await fetch(address);
    live.classList.remove("lost");
    if (answer.status === 200) { show(await answer.text(), open); }
    live.textContent = live.dataset.where;
  } catch {
    live.classList.add("lost");
    live.textContent = "The demo has ended";
  }
}

function show(html, open) {
  if (!open) { location.reload(); return; }
  const arrived = new DOMParser().parseFromString(html, "text/html").getElementById("mails");
  const place = list().scrollTop;
  const focused = document.activeElement?.dataset?.number;
  list().replaceWith(arrived);
  arrived.scrollTop = place;
  for (const link of arrived.querySelectorAll("a")) {
    if (!known.has(link.dataset.number)) { link.classList.add("arrived"); }
    if (link.dataset.number === focused) { link.focus(); }
    known.add(link.dataset.number);
  }
  document.getElementById("count").textContent = arrived.dataset.count;
}

function step(by) {
  const links = [...document.querySelectorAll("#mails a")];
  const at = links.findIndex((link) => link.hasAttribute("aria-current"));
  const next = links[Math.min(Math.max(at + by, 0), links.length - 1)];
  if (next && next !== links[at]) { location.assign(next.href + location.search); }
}

document.addEventListener("keydown", (event) => {
  if (event.altKey || event.ctrlKey || event.metaKey) { return; }
  if (event.key === "j") { step(1); }
  if (event.key === "k") { step(-1); }
  const tab = document.querySelectorAll(".tabs a")[Number(event.key) - 1];
  if (tab) { tab.click(); }
});

setInterval(look, everyMilliseconds);
