// The desk renews itself, answers to keys and to dragging. Without this script all forms still work.
"use strict";

const parts = ["bar", "told", "mail", "panel"];
let current = "";
let underWay = 0;
let line = Promise.resolve();
let waiting = false;

function rows() { return [...document.querySelectorAll(".row")]; }

function row() { return rows().find((one) => one.dataset.story === current); }

function choose(one, focus = true) {
  for (const other of rows()) { other.classList.toggle("current", other === one); }
  current = one?.dataset.story ?? "";
  if (focus) { one?.focus({ preventScroll: true }); one?.scrollIntoView({ block: "nearest" }); }
}

function step(by) {
  const all = rows();
  const at = all.indexOf(row());
  choose(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function frames(root) { return [...root.querySelectorAll("iframe")]; }

// Where each frame was scrolled to, by its place on the page: a renewed mail stays where it was.
function places() {
  return frames(document).map((frame) => frame.contentWindow?.scrollY ?? 0);
}

function scrollBack(at) {
  frames(document).forEach((frame, number) => {
    const top = at[number] ?? at[0] ?? 0;
    if (top) { frame.addEventListener("load", () => frame.contentWindow?.scrollTo(0, top), { once: true }); }
  });
}

function said(text) { return text.replace(/\s+/g, " ").trim(); }

// A finding names its place as `<td> "the words…"` or `<img src="the address…">`.
function placed(page, place) {
  const [, tag, name, value, words] = place.match(/^<([a-z0-9]+)(?: ([a-z-]+)="(.*?)…?")?>(?: "(.*?)…?")?$/s) ?? [];
  if (!tag) { return null; }
  const found = [...page.querySelectorAll(tag)].filter((one) => (name
    ? (one.getAttribute(name) ?? "").startsWith(value)
    : said(one.textContent).startsWith(words ?? "")));
  return found.find((one) => one.getClientRects().length) ?? found[0] ?? null;
}

function headlined(page, words) {
  const found = [...page.querySelectorAll("a, h1, h2, h3, h4, p, td")];
  return found.find((one) => said(one.textContent) === said(words)) ?? null;
}

// Jump to a place of the mail, and point at it for a moment.
function point(find) {
  const frame = frames(document)[0];
  const one = frame?.contentDocument && find(frame.contentDocument);
  if (!one) { return false; }
  frame.scrollIntoView({ block: "nearest" });
  one.scrollIntoView({ block: "center" });
  const before = one.style.outline;
  one.style.outline = "3px solid #e0245e";
  one.dataset.pointed = "";
  setTimeout(() => { one.style.outline = before; }, 2600);
  return true;
}

// What is folded has no name of its own: it is known by where it stands and by its words.
function folded(root) {
  return [...root.querySelectorAll("details")].map((one) => [
    `${one.closest("[id]")?.id} ${said(one.querySelector("summary").textContent.replace(/[0-9]+/g, ""))}`,
    one,
  ]);
}

// Unfold what the editor had unfolded, and fold what was folded; a key pressed now still finds it.
function fold(before, focused) {
  for (const [key, one] of folded(document)) {
    if (before.has(key)) { one.open = before.get(key); }
    if (key === focused) { one.querySelector("summary").focus({ preventScroll: true }); }
  }
}

// Put what the server sent in the place of what is there. A frame stays where its mail is the same.
function show(html, address, renewal) {
  const page = new DOMParser().parseFromString(html, "text/html");
  if (!page.getElementById("panel") || !document.getElementById("panel")) {
    location.assign(address);
    return;
  }
  const scrolled = document.getElementById("scroll")?.scrollTop ?? 0;
  const same = document.querySelector(".tabs [aria-current]")?.textContent
    === page.querySelector(".tabs [aria-current]")?.textContent;
  const before = frames(document).map((frame) => frame.src);
  const after = frames(page).map((frame) => new URL(frame.getAttribute("src"), location).href);
  const keeps = before.length > 0 && before.join() === after.join();
  const open = document.getElementById("testing")?.open;
  const at = places();
  const folds = folded(document);
  const focused = folds.find(([, one]) => one.querySelector("summary") === document.activeElement)?.[0];
  for (const id of parts) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (id === "told" && renewal) { continue; } // it speaks of what the editor did last
    if (id === "mail" && keeps) { renew(old, fresh); } else if (id === "bar" && open) { renewBar(old, fresh); }
    else if (!(same && unsaved(old))) { old.replaceWith(fresh); }
  }
  if (!keeps) { scrollBack(at); }
  document.title = page.title;
  document.body.className = page.body.className;
  document.body.dataset.stamp = page.body.dataset.stamp;
  if (same) { document.getElementById("scroll").scrollTop = scrolled; }
  choose(row(), Boolean(current) && !document.querySelector("[autofocus]"));
  document.querySelector("[autofocus]")?.focus();
  if (same) { fold(new Map(folds.map(([key, one]) => [key, one.open])), focused); }
}

// The form for a test stays open and filled in while all around it is renewed.
function renewBar(old, fresh) {
  for (const input of old.querySelectorAll("#testing [name=version]")) {
    input.value = fresh.querySelector("[name=version]").value;
  }
  for (const place of [".named", ".state"]) { old.querySelector(place).replaceWith(fresh.querySelector(place)); }
  const [forms, others] = [old, fresh].map((bar) => [...bar.querySelectorAll(".doing > form")]);
  if (forms.length === others.length) { forms.forEach((form, at) => form.replaceWith(others[at])); }
}

// Whether something was typed that is not sent yet.
function unsaved(part) {
  return [...part.querySelectorAll("textarea, input:not([type=hidden], [type=checkbox])")]
    .some((field) => field.value !== field.defaultValue);
}

function renew(old, fresh) {
  for (const part of old.children) {
    if (part.classList.contains("viewer")) { continue; }
    const other = part.id && fresh.querySelector(`#${part.id}`);
    if (other) { part.replaceWith(other); }
  }
}

// One after the other: a form that is sent while another is under way sees what that one did.
function go(address, options = {}, remembered = false, renewal = false) {
  underWay += 1;
  line = line.then(() => load(address, options, remembered, renewal)).finally(() => {
    underWay -= 1;
    document.body.classList.toggle("busy", underWay > 0);
    if (waiting && underWay === 0 && !isWriting()) { waiting = false; renewPage(); }
  });
  document.body.classList.add("busy");
  return line;
}

// The address of what is shown now, without the sentence that was told once.
function settled(address) {
  const url = new URL(address);
  url.searchParams.delete("told");
  return url.href;
}

async function load(address, options, remembered, renewal = false) {
  const version = document.querySelector("[name=version]")?.value;
  if (options.body?.has("version") && version) { options.body.set("version", version); }
  try {
    const answer = await fetch(address, options);
    const html = await answer.text();
    if (answer.status === 401) { location.assign("/sign-in"); return; }
    if (renewal && isWriting()) { waiting = true; return; }
    if (remembered) { history.pushState(null, "", address); }
    if (options.method === "POST") { history.replaceState(null, "", settled(answer.url)); }
    show(html, answer.url, renewal);
  } catch {
    lost();
  }
}

function isTyping() {
  return Boolean(document.activeElement?.closest("textarea, input:not([type=checkbox]), select, dialog[open]"));
}

// Never under the fingers of somebody who writes.
function isWriting() {
  return isTyping() || unsaved(document.getElementById("panel") ?? document.body);
}

function renewPage() {
  if (underWay > 0 || isWriting()) { waiting = true; return; }
  go(location.href, {}, false, true);
}

function lost() {
  const live = document.getElementById("live");
  live?.classList.add("lost");
  if (live) { live.textContent = "The desk has ended"; }
}

function found() {
  const live = document.getElementById("live");
  if (live?.classList.contains("lost")) {
    live.classList.remove("lost");
    live.textContent = "Renews itself when you save";
  }
}

function send(form, button, more = {}) {
  const fields = new URLSearchParams(new FormData(form));
  for (const field of form.elements) { if ("defaultValue" in field) { field.defaultValue = field.value; } }
  if (button?.name) { fields.set(button.name, button.value); }
  for (const [name, value] of Object.entries(more)) { fields.set(name, value); }
  return go(form.getAttribute("action"), { method: "POST", body: fields });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method === "dialog" || form.matches("[data-whole]")) { return; }
  event.preventDefault();
  form.closest("details")?.removeAttribute("open");
  if (form.method === "post") { send(form, event.submitter); return; }
  go(`${form.getAttribute("action")}?${new URLSearchParams(new FormData(form))}`, {}, true);
});

document.addEventListener("change", (event) => {
  if (event.target.closest("#choose")) { event.target.form.requestSubmit(); }
});

document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll(".drop-down[open]")) {
    if (!open.contains(event.target)) { open.open = false; }
  }
  const link = event.target.closest("a[data-swap]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    go(link.href, {}, true);
    return;
  }
  const place = event.target.closest("[data-show]")?.dataset.show;
  if (place && !point((page) => placed(page, place))) {
    event.target.closest("[data-show]").textContent = "Not on show: look at Mail";
  }
  const words = event.target.closest("[data-find]")?.dataset.find;
  if (words) { event.preventDefault(); point((page) => headlined(page, words)); }
  if (event.target.id === "keys") { document.getElementById("help").showModal(); }
  const one = event.target.closest(".row");
  if (one) { choose(one, false); }
});

// While a mouse button is down nothing may move away from under it: the click chooses then.
let pressed = false;
document.addEventListener("pointerdown", () => { pressed = true; }, true);
for (const end of ["pointerup", "pointercancel", "dragend"]) {
  document.addEventListener(end, () => { pressed = false; }, true);
}

document.addEventListener("focusin", (event) => {
  const one = !pressed && event.target.closest(".row");
  if (one) { choose(one, false); }
});

document.addEventListener("focusout", () => setTimeout(() => {
  if (waiting && !isWriting()) { waiting = false; renewPage(); }
}, 50));

document.addEventListener("keydown", (event) => {
  const dropped = document.querySelector(".drop-down[open]");
  if (event.key === "Escape" && dropped) {
    dropped.open = false;
    dropped.querySelector("summary").focus();
    return;
  }
  if (event.key === "Escape" && document.querySelector(".row .editing")) {
    document.querySelector(".row .editing a.button").click();
    return;
  }
  if (isTyping() || event.altKey || event.ctrlKey || event.metaKey) { return; }
  const tab = document.querySelectorAll("#panel > .tabs a")[Number(event.key) - 1];
  const own = row()?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  const shared = document.querySelector(`.bar [data-key="${CSS.escape(event.key)}"]`);
  if (event.key === "j") { step(1); }
  else if (event.key === "k") { step(-1); }
  else if (event.key === "?") { document.getElementById("help").showModal(); }
  else if (own) { event.preventDefault(); own.click(); }
  else if (shared) { event.preventDefault(); shared.click(); shared.closest("details")?.querySelector("input[type=email]")?.focus(); }
  else if (tab) { tab.click(); }
});

// Dragging: the row stands in its new place at once; the server's answer then settles it.
let dragged = null;

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".row") ?? null;
  dragged?.classList.add("dragged");
});

document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.(".shelf[data-section] .row");
  if (!dragged || !over || !over.closest(".shelf").dataset.section) { return; }
  event.preventDefault();
  if (over === dragged) { return; }
  const box = over.getBoundingClientRect();
  over[event.clientY > box.top + box.height / 2 ? "after" : "before"](dragged);
});

document.addEventListener("drop", (event) => { if (dragged) { event.preventDefault(); } });

document.addEventListener("dragend", () => {
  const one = dragged;
  dragged = null;
  if (!one) { return; }
  one.classList.remove("dragged");
  const shelf = one.closest(".shelf");
  const place = [...shelf.querySelectorAll(".row")].indexOf(one) + 1;
  const form = one.querySelector("form.tools");
  const moved = shelf.dataset.section !== form.elements.section.value || place !== Number(one.dataset.place);
  if (moved && shelf.dataset.section) {
    current = one.dataset.story;
    send(form, null, { action: "place", section: shelf.dataset.section, place });
  }
});

// The subject as it is written, where an inbox shows it.
document.addEventListener("input", (event) => {
  const line = document.querySelector(".line .rest");
  if (!line || !["subject", "preheader"].includes(event.target.id)) { return; }
  const part = line.querySelector(event.target.id === "subject" ? "b" : "span");
  const words = event.target.value || event.target.placeholder;
  part.textContent = event.target.id === "subject" ? words : `— ${words}`;
});

window.addEventListener("popstate", () => go(location.href));

const events = new EventSource("/events");
events.addEventListener("open", found);
events.addEventListener("error", () => { if (events.readyState !== EventSource.CONNECTING) { lost(); } });
events.addEventListener("message", (event) => {
  found();
  if (event.data === document.body.dataset.stamp) { return; }
  if (document.getElementById("panel")) { renewPage(); } else { location.reload(); }
});
