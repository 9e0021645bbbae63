// The few things a page cannot do without a script: copy a key, keys on the keyboard, a word when a fragment fails.
(() => {
  "use strict";

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent.trim());
      say(button.dataset.copied);
    } catch {
      getSelection().selectAllChildren(source);
      say(button.dataset.selected);
    }
  });

  const say = (text) => {
    const toasts = document.getElementById("toasts");
    if (!toasts || !text) return;
    const note = document.createElement("div");
    note.className = "note";
    note.textContent = text;
    toasts.replaceChildren(note);
  };

  document.addEventListener("htmx:sendError", () => say(document.body.dataset.offline));
  document.addEventListener("htmx:responseError", () => say(document.body.dataset.failed));

  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === "/") {
      const search = document.querySelector("input[type=search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (waiting) {
      const link = document.querySelector(`.switch [data-key="${CSS.escape(event.key)}"]`);
      waiting = false;
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") {
      waiting = true;
      setTimeout(() => { waiting = false; }, 1500);
    }
  });
})();
