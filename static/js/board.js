// Dragging the student onto a mentor presses that mentor's button. The buttons do it without.
(() => {
  "use strict";

  const student = document.querySelector("[data-drag]");
  if (!student || !window.matchMedia("(pointer: fine)").matches) return;
  student.hidden = false;
  document.querySelector(".drag-hint").hidden = false;
  student.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", "student"));
  for (const place of document.querySelectorAll("[data-drop]")) {
    const form = place.querySelector("form[data-place]");
    if (!form) continue;
    place.addEventListener("dragover", (event) => {
      event.preventDefault();
      place.classList.add("over");
    });
    place.addEventListener("dragleave", () => place.classList.remove("over"));
    place.addEventListener("drop", (event) => {
      event.preventDefault();
      place.classList.remove("over");
      form.requestSubmit();
    });
  }
})();
