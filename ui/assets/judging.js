// The right answer: where words are selected in the source, a button beside them says that they
// are it. The button stands only where an answer may be named.
let words = "";

const button = () => element.querySelector(".q-this");

function onSelect() {
  const pane = document.querySelector("#q-pane");
  const selection = document.getSelection();
  const shown = button();
  if (!shown || shown === document.activeElement) return;
  const inside = selection?.rangeCount && pane?.contains(selection.anchorNode)
    && pane.contains(selection.focusNode);
  words = inside ? selection.toString().trim() : "";
  shown.hidden = !words;
  if (!words) return;
  const at = selection.getRangeAt(0).getBoundingClientRect();
  const below = at.bottom + 44 < window.innerHeight;
  shown.style.top = `${Math.max(8, below ? at.bottom + 6 : at.top - 42)}px`;
  const most = document.documentElement.clientWidth - shown.offsetWidth - 8;
  shown.style.left = `${Math.max(8, Math.min(at.left, most))}px`;
}

element.addEventListener("pointerdown", (event) => {
  if (event.target.matches(".q-this")) event.preventDefault(); // the words stay selected
});
element.addEventListener("click", (event) => {
  if (event.target.matches(".q-this")) {
    trigger("answer", { words });
    event.target.blur();
    document.getSelection().removeAllRanges();
  }
  if (event.target.matches(".q-unheld")) trigger("unheld");
});

window.quothJudging?.abort(); // a page that is drawn again listens once
window.quothJudging = new AbortController();
const heard = { signal: window.quothJudging.signal };
document.addEventListener("selectionchange", onSelect, heard);
document.addEventListener("scroll", onSelect, { ...heard, capture: true, passive: true });
watch("value", () => requestAnimationFrame(onSelect));
