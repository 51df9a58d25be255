// The weekly grid: drawing over cells marks or clears them, arrow keys move. Without it, each
// cell is still a checkbox of its own.
(() => {
  "use strict";
  const COLUMNS = 7;
  for (const field of document.querySelectorAll("[data-free-time]")) {
    const boxes = [...field.querySelectorAll("input[type=checkbox]")];
    let paint = null;
    let suppress = false;

    const set = (box) => {
      if (box && box.checked !== paint) {
        box.checked = paint;
        box.dispatchEvent(new Event("change", { bubbles: true }));
      }
    };
    const boxAt = (event) =>
      document.elementFromPoint(event.clientX, event.clientY)?.closest(".free-cell")?.querySelector("input");

    field.addEventListener("pointerdown", (event) => {
      const box = event.target.closest(".free-cell")?.querySelector("input");
      // On touch screens a stroke scrolls; a tap is the checkbox's own.
      if (!box || event.pointerType === "touch" || event.button !== 0) return;
      event.preventDefault();
      box.focus({ preventScroll: true });
      paint = !box.checked;
      suppress = true;
      set(box);
    });
    window.addEventListener("pointermove", (event) => {
      if (paint !== null) set(boxAt(event));
    });
    window.addEventListener("pointerup", () => {
      paint = null;
    });
    field.addEventListener("click", (event) => {
      if (suppress && event.detail > 0) event.preventDefault();
      suppress = false;
    });

    const rtl = getComputedStyle(field).direction === "rtl" ? -1 : 1;
    const steps = { ArrowRight: rtl, ArrowLeft: -rtl, ArrowDown: COLUMNS, ArrowUp: -COLUMNS };
    field.addEventListener("keydown", (event) => {
      const index = boxes.indexOf(event.target);
      if (index < 0 || !(event.key in steps)) return;
      event.preventDefault();
      boxes[index + steps[event.key]]?.focus();
    });
    // One stop for the tab key; the arrows lead from there.
    const stop = (box) => boxes.forEach((each) => (each.tabIndex = each === box ? 0 : -1));
    stop(boxes.find((box) => box.checked) ?? boxes[0]);
    field.addEventListener("focusin", (event) => boxes.includes(event.target) && stop(event.target));
  }
})();
