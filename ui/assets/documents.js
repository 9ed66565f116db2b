// The list of documents: show one, remove one after a second press, find and sort. Rows that the
// list leaves out are asked of the server: the list says for which words and order it was made.
const LATER = 250; // milliseconds without a key after which the server is asked
const field = (selector) => document.querySelector(`#q-finder ${selector}`);
const bare = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
let waiting;

element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("li");
  if (button.matches(".q-show")) trigger("show", { id: button.value, at: performance.now() });
  if (button.matches(".q-delete")) trigger("remove", { id: button.value });
  if (button.matches(".q-remove")) {
    row.classList.add("q-asking");
    row.querySelector(".q-keep").focus();
  }
  if (button.matches(".q-keep")) {
    row.classList.remove("q-asking");
    row.querySelector(".q-remove").focus();
  }
});
element.addEventListener("keydown", (event) => {
  if (event.key === "Escape") event.target.closest("li.q-asking")?.querySelector(".q-keep").click();
  const row = event.target.closest(".q-row:not(.q-asking)");
  const rows = row ? shown() : [];
  const n = rows.indexOf(row);
  const to = { ArrowDown: n + 1, ArrowUp: n - 1, Home: 0, End: rows.length - 1 }[event.key];
  if (!row || to === undefined) return;
  event.preventDefault();
  rows[to]?.querySelector(".q-show").focus();
});
element.addEventListener("focusin", (event) => {
  const row = event.target.closest(".q-row");
  if (!row) return;
  stopped = idOf(row);
  stop(row);
});

// Tab stops at one row of the list, and at what is in it; the arrows walk from row to row.
const shown = () => [...element.querySelectorAll(".q-row:not([hidden])")];
const idOf = (row) => row.querySelector(".q-show").value;
let stopped; // the id of the row where somebody has been; else it is the first
function stop(row) {
  for (const other of element.querySelectorAll(".q-row")) {
    for (const button of other.querySelectorAll("button")) button.tabIndex = other === row ? 0 : -1;
  }
}

function arrange() {
  const list = element.querySelector(".q-list");
  const box = field(".q-find");
  if (!list || !box) return;
  const said = box.value.replace(/\p{C}/gu, "").trim();
  const order = field(".q-sort").value;
  show(list, said, order);
  const { words, more } = list.dataset;
  const whole = words === "" && more === "0";
  clearTimeout(waiting);
  if (whole || (words === said && list.dataset.order === order)) return;
  waiting = setTimeout(() => trigger("find", { words: said, order }), LATER);
}

function show(list, said, order) {
  const words = bare(said).split(/\s+/).filter(Boolean);
  const key = (row) => (order === "name" ? 1 : -1) * Number(row.dataset[order] ?? 0);
  const rows = [...list.children].sort((one, other) => key(one) - key(other));
  if (rows.some((row, at) => row !== list.children[at])) list.append(...rows);
  let heading = null;
  let n = 0;
  for (const row of rows) {
    if (row.matches(".q-folder")) {
      heading = row;
      row.hidden = true;
      continue;
    }
    const text = bare(`${row.querySelector(".q-title").textContent} ${row.querySelector(".q-show").title}`);
    row.hidden = !words.every((word) => text.includes(word));
    if (row.hidden) continue;
    n += 1;
    if (heading && order === "name") heading.hidden = false;
  }
  list.classList.toggle("q-flat", order !== "name" || !heading);
  if (list.dataset.words === said && list.dataset.more !== "0") n = Number(list.dataset.found);
  const tally = field(".q-tally");
  const number = (value) => Number(value).toLocaleString("en");
  const text = n === Number(list.dataset.all) ? tally.dataset.whole : tally.dataset.said;
  tally.textContent = text.replace("{n}", number(n)).replace("{all}", number(list.dataset.all));
  field(".q-nothing").hidden = n > 0;
  stop(shown().find((row) => idOf(row) === stopped) ?? shown()[0]);
}

window.quothDocuments?.abort(); // a page that is drawn again listens once
window.quothDocuments = new AbortController();
const listening = { signal: window.quothDocuments.signal };
const onFind = (event) => {
  if (!event.target.closest?.("#q-finder")) return;
  element.closest("#q-listed").scrollTop = 0;
  arrange();
};
document.addEventListener("input", onFind, listening);
document.addEventListener("change", onFind, listening);
document.addEventListener(
  "click",
  (event) => {
    const undo = event.target.closest?.("#q-documents .q-undo");
    if (undo) trigger("undo", { key: undo.value });
  },
  listening,
);
watch("value", arrange);
