// Players of other sites: nothing is loaded from there until the reader presses the button.
function show(figure) {
  const frame = document.createElement("iframe");
  frame.src = figure.dataset.player;
  frame.title = figure.dataset.title;
  frame.allow = "fullscreen; picture-in-picture";
  frame.referrerPolicy = "strict-origin-when-cross-origin"; // YouTube refuses to play without an origin
  frame.sandbox = "allow-scripts allow-same-origin allow-presentation allow-popups";
  const place = document.createElement("div");
  place.className = "embed-frame";
  place.append(frame);
  figure.querySelector(".embed-card").after(place);
  for (const part of figure.querySelectorAll(".embed-card > :not(.embed-title)")) part.remove();
  frame.focus();
}

for (const figure of document.querySelectorAll("[data-player]")) {
  const button = figure.querySelector("[data-load]");
  button.hidden = false;
  button.addEventListener("click", () => show(figure));
}
