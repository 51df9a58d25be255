// A diary entry is saved as it is typed. Without this file the button saves it.
// What is typed is never put anywhere but into the page and the request: this device keeps nothing.
(() => {
  "use strict";
  const PAUSE = 1200;
  const RETRY = 8000;
  const PATIENCE = 20000;

  const form = document.querySelector("form[data-diary]");
  if (!form) return;
  const status = form.querySelector("[data-diary-status]");
  const trouble = form.querySelector("[data-diary-trouble]");
  const field = (name) => form.elements[name];
  const words = form.dataset;
  let kept = snapshot();
  let timer = null;
  let busy = false;
  let stuck = false;

  function snapshot() {
    return `${field("day").value}\n${field("text").value}`;
  }

  function say(state, text) {
    status.dataset.state = state;
    status.textContent = text;
  }

  // Something a person has to look at: said aloud, with a link or a button where one helps.
  function warn(text, { url = "", label = "", action = null } = {}) {
    trouble.hidden = false;
    trouble.querySelector("p").textContent = text;
    const link = trouble.querySelector("a");
    link.hidden = !url;
    if (url) {
      link.href = url;
      link.textContent = label;
    }
    const button = trouble.querySelector("button");
    button.hidden = !action;
    button.onclick = action;
  }

  function later(wait) {
    window.clearTimeout(timer);
    timer = window.setTimeout(() => {
      timer = null;
      save();
    }, wait);
  }

  function token() {
    // Signing in again in another window changes the cookie; the one in the page is then stale.
    const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
    return cookie ? cookie.slice("csrftoken=".length) : field("csrfmiddlewaretoken").value;
  }

  async function save() {
    const now = snapshot();
    if (busy || stuck || now === kept) return;
    if (field("version").value === "0" && !field("text").value.trim()) return;
    busy = true;
    say("saving", words.saving);
    const data = new FormData(form);
    // Each save has its number, so that a late copy of an earlier one changes nothing.
    field("turn").value = Number(field("turn").value) + 1;
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        body: data,
        headers: { Accept: "application/json", "X-CSRFToken": token() },
        redirect: "manual",
        credentials: "same-origin",
        signal: AbortSignal.timeout(PATIENCE),
      });
      await take(answer, now);
    } catch {
      say("unsaved", words.offline);
      later(RETRY);
    } finally {
      busy = false;
    }
    if (!stuck && snapshot() !== kept && !timer) later(PAUSE);
  }

  async function take(answer, now) {
    if (answer.ok) {
      const told = await answer.json();
      kept = now;
      trouble.hidden = true;
      field("version").value = told.version;
      if (window.location.pathname !== told.url) window.history.replaceState(null, "", told.url);
      form.querySelectorAll("[data-diary-more]").forEach((link) => {
        link.href = told.url;
        link.hidden = false;
      });
      say("saved", words.saved);
    } else if (answer.status === 409) {
      const told = await answer.json();
      stuck = true;
      say("unsaved", words.unsaved);
      warn(told.message, {
        url: told.url,
        label: words.other,
        action: () => {
          field("key").value = told.key;
          field("version").value = told.version;
          stuck = false;
          save();
        },
      });
    } else if (answer.type === "opaqueredirect" || answer.status === 403) {
      say("unsaved", words.unsaved);
      warn(words.signedOut, { url: words.signIn, label: words.signInLabel });
      later(RETRY);
    } else if (answer.status === 422) {
      say("unsaved", words.unsaved);
      warn((await answer.json()).message);
    } else if (answer.status >= 500) {
      say("unsaved", words.offline);
      later(RETRY);
    } else {
      say("unsaved", words.unsaved);
      warn(words.refused);
    }
  }

  form.addEventListener("input", () => {
    if (snapshot() === kept) return;
    if (!stuck) say("unsaved", words.unsaved);
    later(PAUSE);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    window.clearTimeout(timer);
    timer = null;
    if (snapshot() === kept) say("saved", words.saved);
    save();
  });
  window.addEventListener("online", () => later(0));
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") save();
  });
  window.addEventListener("beforeunload", (event) => {
    if (snapshot() !== kept && field("text").value.trim()) event.preventDefault();
  });
})();
