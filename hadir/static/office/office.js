/* What improves an office page once it has loaded; each page works without it. Attributes are the only interface:
 *   data-live       ask for the board's news (htmx event "refresh") while the page is looked at
 *   data-etag       validator of what is shown; sent back, so that an unchanged board costs an empty 304
 *   data-clock      show the time of this time zone
 *   data-until      count down to this moment; when it has passed, show the element of data-after instead
 *   data-copy       copy the text of the element with this id
 *   data-reveal     let a password be read
 *   data-arrows     move between the links of a table with the arrow keys; one of them is in the order of Tab
 *   data-menu       close an open menu on Escape and on a click elsewhere
 */
const NEWS_EVERY_MS = 5000;
const language = document.documentElement.lang || "id";

/** @param {string} selector @param {(element: HTMLElement) => void} improve */
function each(selector, improve) {
  for (const element of document.querySelectorAll(selector)) improve(/** @type {HTMLElement} */ (element));
}

/** Time as Hadir writes it: 06.58, in English 06:58. @param {Date} moment @param {string} timeZone */
function clockOf(moment, timeZone) {
  const parts = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", minute: "2-digit" }).format(moment);
  return language === "id" ? parts.replace(":", ".") : parts;
}

each("[data-live]", (board) => {
  const ask = () => {
    if (document.visibilityState === "visible") board.dispatchEvent(new Event("refresh"));
  };
  setInterval(ask, NEWS_EVERY_MS);
  document.addEventListener("visibilitychange", ask);
  board.addEventListener("htmx:config:request", (event) => {
    const shown = board.querySelector("[data-etag]");
    const { request } = /** @type {CustomEvent} */ (event).detail.ctx;
    if (shown instanceof HTMLElement && shown.dataset.etag) request.headers["If-None-Match"] = shown.dataset.etag;
  });
  board.addEventListener("htmx:before:response", (event) => {
    // The login has ended: the answer is the login page, which belongs into the window and not into the board.
    if (/** @type {CustomEvent} */ (event).detail.ctx.response.raw.redirected) {
      event.preventDefault();
      window.location.reload();
    }
  });
});

each("[data-clock]", (place) => {
  const show = () => {
    place.textContent = clockOf(new Date(), place.dataset.clock ?? "Asia/Jakarta");
  };
  setInterval(show, 1000);
});

each("[data-until]", (place) => {
  const end = Date.parse(place.dataset.until ?? "");
  const show = () => {
    const seconds = Math.max(0, Math.round((end - Date.now()) / 1000));
    const shown = place.querySelector("[data-left]");
    if (shown) shown.textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    if (seconds > 0) return;
    clearInterval(timer);
    place.hidden = true;
    const after = document.getElementById(place.dataset.after ?? "");
    if (after) after.hidden = false;
    each("[data-void]", (part) => part.setAttribute("hidden", ""));
  };
  const timer = setInterval(show, 1000);
  show();
});

each("button[data-copy]", (button) => {
  const source = document.getElementById(button.dataset.copy ?? "");
  if (!source || !navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(source.textContent?.trim() ?? "");
    const word = button.querySelector("[data-word]");
    if (word instanceof HTMLElement) word.textContent = word.dataset.word ?? "";
  });
});

each("[data-reveal]", (field) => {
  const input = field.querySelector("input");
  const button = field.querySelector("button");
  const word = button?.querySelector("[data-word]");
  if (!input || !button || !(word instanceof HTMLElement)) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    const open = input.type === "password";
    input.type = open ? "text" : "password";
    button.setAttribute("aria-pressed", String(open));
    const other = word.dataset.word ?? "";
    word.dataset.word = word.textContent ?? "";
    word.textContent = other;
    input.focus();
  });
});

each("table[data-arrows]", (table) => {
  const links = /** @type {HTMLAnchorElement[]} */ ([...table.querySelectorAll("td a")]);
  const first = links.find((link) => link.getAttribute("aria-current")) ?? links.at(-1);
  for (const link of links) link.tabIndex = link === first ? 0 : -1;
  table.addEventListener("keydown", (event) => {
    const here = event.target instanceof Element ? event.target.closest("td") : null;
    const row = here?.parentElement;
    if (!(here instanceof HTMLTableCellElement) || !(row instanceof HTMLTableRowElement)) return;
    const step = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] }[event.key];
    if (!step) return;
    event.preventDefault();
    // Over dates without a story to the next one in the same direction.
    let [rowIndex, cell] = [row.sectionRowIndex, here.cellIndex];
    const rows = /** @type {HTMLTableSectionElement} */ (row.parentElement).rows;
    for (;;) {
      [rowIndex, cell] = [rowIndex + (step[0] ?? 0), cell + (step[1] ?? 0)];
      const next = rows[rowIndex]?.cells[cell];
      if (!next) return;
      const link = next.querySelector("a");
      if (!link) continue;
      for (const other of links) other.tabIndex = other === link ? 0 : -1;
      link.focus();
      return;
    }
  });
});

each("details[data-menu]", (menu) => {
  document.addEventListener("click", (event) => {
    if (event.target instanceof Node && !menu.contains(event.target)) menu.removeAttribute("open");
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  });
});
