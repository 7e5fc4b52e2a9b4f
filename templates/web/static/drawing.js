// A picture of the mail, drawn by the browser itself: the mail's frame as SVG, the SVG on a canvas.
"use strict";

const longest = 16384; // of a canvas's side, which every engine allows

// Open the mail in a frame of its own that nobody sees, as wide as the picture will be.
function opened(address, width) {
  return new Promise((resolve, reject) => {
    const frame = document.createElement("iframe");
    frame.setAttribute("sandbox", "allow-same-origin");
    frame.setAttribute("aria-hidden", "true");
    frame.tabIndex = -1;
    Object.assign(frame.style, {
      position: "fixed", left: "-20000px", top: "0", width: `${width}px`, height: "600px", border: "0",
    });
    frame.addEventListener("load", () => resolve(frame), { once: true });
    frame.addEventListener("error", () => reject(new Error("the mail did not load")), { once: true });
    frame.src = address;
    document.body.append(frame);
  });
}

// The mail as XML: comments may hold what XML forbids, and so may characters.
function written(page) {
  const root = page.documentElement.cloneNode(true);
  const comments = page.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (comments.nextNode()) { found.push(comments.currentNode); }
  found.forEach((one) => one.remove());
  root.querySelectorAll("base, meta, title, link").forEach((one) => one.remove());
  return new XMLSerializer().serializeToString(root).replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "");
}

function paper(page) {
  const colours = [page.body, page.documentElement]
    .map((one) => page.defaultView.getComputedStyle(one).backgroundColor);
  return colours.find((one) => one !== "rgba(0, 0, 0, 0)" && one !== "transparent") ?? "#ffffff";
}

async function drawn(page, width) {
  const height = Math.min(Math.max(page.documentElement.scrollHeight, page.body.scrollHeight), longest);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`
    + `<foreignObject width="100%" height="100%">${written(page)}</foreignObject></svg>`;
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  Object.assign(canvas, { width, height });
  const brush = canvas.getContext("2d");
  brush.fillStyle = paper(page);
  brush.fillRect(0, 0, width, height);
  brush.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("the canvas is empty"))), "image/png");
  });
}

function saved(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function tell(words, wrong) {
  const told = document.getElementById("told");
  const line = document.createElement("p");
  line.textContent = words;
  told.classList.toggle("wrong", wrong);
  told.replaceChildren(line);
}

async function drawMail(button) {
  const { frame: address, width, name } = button.dataset;
  button.disabled = true;
  tell("Drawing the mail…", false);
  let frame = null;
  try {
    frame = await opened(address, Number(width));
    saved(await drawn(frame.contentDocument, Number(width)), name);
    tell(`The picture is drawn: ${name}`, false);
  } catch (fault) {
    tell(`This browser could not draw the mail (${fault.name}). Download the HTML, open it and print it.`, true);
  } finally {
    frame?.remove();
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#draw");
  if (button) { drawMail(button); }
});
