// What forms owe to whoever fills them in: unsent text is not lost, and mistakes are easy to find.
(() => {
  "use strict";

  // --- Unsent text waits in this tab until it has been sent, also through a new sign-in.
  const owner = document.body.dataset.user;
  const PREFIX = "draft ";
  const mine = `${PREFIX}${owner} `;
  const keys = () => Object.keys(sessionStorage).filter((key) => key.startsWith(PREFIX));
  const keyOf = (field) => {
    const address = field.form.getAttribute("action") || location.pathname + location.search;
    return `${mine}${address} ${field.name}`;
  };
  const fields = (form) => [...form.querySelectorAll("textarea:not([data-no-draft])")]
    .filter((field) => field.name && form.method === "post");
  const save = (field, sent) => {
    const text = field.value;
    if (text) sessionStorage.setItem(keyOf(field), JSON.stringify({ text, sent }));
    else sessionStorage.removeItem(keyOf(field));
  };

  const refused = Boolean(document.querySelector("main[data-refused]"));
  for (const key of keys()) {
    const draft = JSON.parse(sessionStorage.getItem(key));
    // A sign-in or a refusal came between: it was not sent after all.
    if (!owner || refused) sessionStorage.setItem(key, JSON.stringify({ ...draft, sent: false }));
    else if (draft.sent) sessionStorage.removeItem(key);
  }
  if (owner) {
    for (const form of document.querySelectorAll("main form")) {
      for (const field of fields(form)) {
        const draft = JSON.parse(sessionStorage.getItem(keyOf(field)));
        if (draft && !field.value) field.value = draft.text;
      }
    }
    document.addEventListener("input", ({ target }) => {
      if (target.form && fields(target.form).includes(target)) save(target, false);
    });
    document.addEventListener("submit", ({ target }) => {
      for (const field of fields(target)) save(field, true);
      if (target.matches("[data-forget-drafts]")) keys().forEach((key) => sessionStorage.removeItem(key));
    });
  }

  // --- A form that was refused says so at the top, and leads to each mistake.
  const main = document.getElementById("main");
  const pattern = document.getElementById("mistakes-template");
  const text = (node) => node?.textContent.trim().replace(/\s+/g, " ").replace(/\s*\*$/, "") || "";
  const mistakes = new Map();
  const nameOf = (control) => {
    const label = control.labels?.[0];
    const group = control.closest("fieldset");
    return ["radio", "checkbox"].includes(control.type) || !label
      ? text(group?.querySelector("legend") || label) : text(label);
  };
  for (const note of main?.querySelectorAll(".invalid-feedback, form .alert-danger, form [data-mistake]") || []) {
    if (!text(note)) continue;
    const described = note.id && main.querySelector(`[aria-describedby~="${note.id}"]`);
    const around = described || note.closest("fieldset, .mb-3, .form-group, form");
    const control = around.matches("input, select, textarea")
      ? around
      : around.querySelector(".is-invalid, [aria-invalid=true]")
        || around.querySelector("input:not([type=hidden]), select, textarea");
    const whole = !note.matches(".invalid-feedback");
    const target = whole ? note : control || note;
    if (!mistakes.has(target)) mistakes.set(target, { name: whole || !control ? "" : nameOf(control), said: [] });
    const said = mistakes.get(target).said;
    if (!said.includes(text(note))) said.push(text(note));
  }
  if (pattern && mistakes.size) {
    const banner = pattern.content.firstElementChild.cloneNode(true);
    const list = banner.querySelector("ul");
    let number = 0;
    for (const [target, { name, said }] of mistakes) {
      target.id ||= `mistake-${(number += 1)}`;
      const link = document.createElement("a");
      link.href = `#${target.id}`;
      link.textContent = [name, said.join(" ")].filter(Boolean).join(": ");
      link.addEventListener("click", (event) => {
        event.preventDefault();
        for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
        if (!target.matches("input, select, textarea")) target.tabIndex = -1;
        target.focus();
        target.scrollIntoView({ block: "center" });
      });
      const item = document.createElement("li");
      item.append(link);
      list.append(item);
    }
    document.getElementById("notices").before(banner);
    banner.focus();
  }
})();
