// The few things a page cannot do without a script: copy a key, drag a card, keys on the keyboard, a word when a fragment
// fails.
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

  // Whoever picks something in a form and saves at once means both: what was picked is waited for.
  document.addEventListener("submit", (event) => {
    const { target: form, submitter } = event;
    if (!form.querySelector(".htmx-request")) return;
    event.preventDefault();
    const again = () => form.requestSubmit(submitter?.form === form ? submitter : null);
    document.addEventListener("htmx:afterRequest", () => setTimeout(again), { once: true });
  });

  // A card dropped on a column is moved by its own form; a kind of field dropped on a section opens the form there.
  let dragged = null;
  const placeOf = (event) => dragged && event.target.closest?.(dragged.matches(".card") ? ".column" : "[data-section]");
  const mark = (place) => {
    document.querySelectorAll(".takes").forEach((one) => one.classList.remove("takes"));
    place?.classList.add("takes");
  };
  document.addEventListener("dragstart", (event) => {
    dragged = event.target.closest?.(".card, [data-field-type]") ?? null;
    dragged?.classList.add("is-moving");
  });
  document.addEventListener("dragend", () => {
    dragged?.classList.remove("is-moving");
    dragged = null;
    mark(null);
  });
  document.addEventListener("dragover", (event) => {
    const place = placeOf(event);
    if (!place) return;
    event.preventDefault();
    mark(place);
  });
  document.addEventListener("drop", (event) => {
    const place = placeOf(event);
    if (!place) return;
    event.preventDefault();
    const select = dragged.querySelector("select[name=stage]");
    if (!select) {
      location.assign(`${place.dataset.section}&add=${encodeURIComponent(dragged.dataset.fieldType)}#${place.id}`);
    } else if (select.value !== place.dataset.stage) {
      select.value = place.dataset.stage;
      select.form.requestSubmit();
    }
  });

  let waiting = false;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === "/") {
      const search = document.querySelector("input[data-shortcut='/']");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
    } else if (event.key === "?") {
      document.getElementById("keys")?.showPopover();
    } else if (waiting) {
      const link = document.querySelector(`.switch [data-key="${CSS.escape(event.key)}"]`);
      waiting = false;
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "n" || event.key === "e") {
      const link = document.querySelector(`[data-shortcut="${event.key}"]`);
      if (link) { event.preventDefault(); link.click(); }
    } else if (event.key === "g") {
      waiting = true;
      setTimeout(() => { waiting = false; }, 1500);
    }
  });
})();
