// Behavior shared by all pages. Everything works without it, only with more clicks.
(() => {
  "use strict";

  // A form with data-confirm asks once, in a native dialog, before it posts.
  const dialog = document.getElementById("ask");
  let pending = null;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const question = event.submitter?.dataset.confirm || form.dataset.confirm;
    if (!question || !dialog || form.dataset.confirmed === "yes") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    // What is missing is asked for before what is meant.
    if (!form.reportValidity()) return;
    pending = { form, submitter: event.submitter };
    dialog.querySelector("[data-ask-text]").textContent = question;
    const yes = dialog.querySelector("[data-ask-yes]");
    yes.textContent = event.submitter?.textContent.trim() || yes.dataset.label;
    dialog.showModal();
  }, true);
  dialog?.addEventListener("close", () => {
    if (dialog.returnValue !== "yes" || !pending) {
      pending = null;
      return;
    }
    const { form, submitter } = pending;
    pending = null;
    form.dataset.confirmed = "yes";
    form.requestSubmit(submitter);
    delete form.dataset.confirmed;
  });

  // Messages can be closed.
  document.addEventListener("click", (event) => {
    event.target.closest("[data-dismiss]")?.closest(".notice")?.remove();
  });

  // Whoever is taken down to a section sees there what became of her act.
  if (location.hash) document.getElementById("notices")?.classList.add("notices-follow");

  // Of pages that do not fit into one row, the present one is in sight.
  document.querySelector(".nav-tabs [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

  // On a phone a list comes first: its filters open at a tap.
  const fold = () => {
    if (!window.matchMedia("(max-width: 575.98px)").matches) return;
    for (const details of document.querySelectorAll("details[data-fold]")) {
      details.removeAttribute("data-fold");
      details.open = false;
    }
  };
  fold();
  document.addEventListener("htmx:afterSettle", fold);

  // Filters answer at once; the button remains for those without scripts.
  document.addEventListener("change", (event) => {
    const form = event.target.closest("form[data-autosubmit]");
    if (form && !event.target.matches("input[type=search], input[type=text]")) form.requestSubmit();
  });

  // Empty filter fields stay out of the address.
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-autosubmit]")) return;
    for (const field of event.target.elements) {
      if (field.name && !field.value) field.disabled = true;
    }
  });
  window.addEventListener("pageshow", () => {
    for (const field of document.querySelectorAll("form[data-autosubmit] :disabled")) {
      field.disabled = false;
    }
  });

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied, "success");
  });

  // The current tab of a strip that is wider than the screen comes into view.
  for (const tab of document.querySelectorAll(".nav-tabs [aria-current]")) {
    const strip = tab.closest(".nav-tabs");
    const offset = tab.getBoundingClientRect().left - strip.getBoundingClientRect().left;
    strip.scrollLeft += offset - (strip.clientWidth - tab.offsetWidth) / 2;
  }

  // A thread opens at what was said last, unless a form above has something to say.
  if (!location.hash && !document.querySelector(".is-invalid, [data-mistake]")) {
    document.querySelector("[data-come-here]")?.scrollIntoView({ block: "center" });
  }

  // A file dropped on a zone lands in its input.
  for (const type of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(type, (event) => {
      const zone = event.target.closest?.("[data-dropzone]");
      if (!zone) return;
      event.preventDefault();
      zone.classList.toggle("over", type === "dragover");
      if (type !== "drop" || !event.dataTransfer.files.length) return;
      const input = zone.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  // Time zone of this device, offered where a person has none yet.
  for (const button of document.querySelectorAll("[data-device-zone]")) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const field = document.getElementById(button.dataset.deviceZone);
    const known = field && [...field.options].some((option) => option.value === zone);
    if (!known || field.value === zone) continue;
    button.hidden = false;
    button.append(" ", zone);
    button.addEventListener("click", () => {
      field.value = zone;
      field.focus();
      button.hidden = true;
    });
  }

  const toasts = document.getElementById("toasts");
  function toast(text, tone) {
    const template = document.getElementById("toast-template");
    if (!toasts || !template || !text) return;
    const notice = template.content.firstElementChild.cloneNode(true);
    notice.classList.add(`tone-${tone || "info"}`);
    notice.querySelector("p").textContent = text;
    toasts.append(notice);
    if (tone !== "danger") window.setTimeout(() => notice.remove(), 8000);
  }

  // The server can say something with the answer: HX-Trigger: {"toast": {"text": …, "tone": …}}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.tone));
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, () => toast(toasts?.dataset.failed, "danger"));
  }
})();
