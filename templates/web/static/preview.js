// The page renews itself when what it is built from changes. Without this script: reload by hand.
"use strict";

const everyMilliseconds = 1000;
const live = document.getElementById("live");
const words = live?.textContent;
const form = document.getElementById("choose");

async function look() {
  try {
    const answer = await fetch("/stamp");
    const stamp = await answer.text();
    if (answer.ok && stamp !== document.body.dataset.stamp) { location.reload(); return; }
    live.classList.remove("lost");
    live.textContent = words;
  } catch {
    live.classList.add("lost");
    live.textContent = "The preview has ended";
  }
}

if (document.body.dataset.stamp) { setInterval(look, everyMilliseconds); }
form?.addEventListener("change", () => form.requestSubmit());
