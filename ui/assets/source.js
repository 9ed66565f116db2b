// The source pane: a press on a citation asks for its document; the marked quote scrolls into view.
const PATIENCE = 5000; // milliseconds within which a source that comes was asked for by a press
let opener = null;
let pressedAt = -Infinity;

function onPress(event) {
  const button = event.target.closest?.("button.q-cite, button.q-show, button.q-back");
  if (!button) return;
  if (button.matches(".q-back")) {
    (opener ?? document.querySelector("#q-talk")).scrollIntoView({ block: "center" });
    opener?.focus({ preventScroll: true });
    return;
  }
  opener = button;
  pressedAt = performance.now();
  if (button.matches(".q-cite")) trigger("cite", { place: button.value });
  reveal(); // the same source again brings no new value
}

function reveal() {
  const scroll = element.querySelector(".q-scroll");
  if (!scroll) return;
  const mark = element.querySelector("mark.q-now");
  const top = mark && mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTop = mark ? scroll.scrollTop + top - scroll.clientHeight / 3 : 0;
  if (performance.now() - pressedAt > PATIENCE) return;
  scroll.focus({ preventScroll: true });
  const pane = element.getBoundingClientRect();
  if (pane.top < 0 || pane.top > window.innerHeight / 2) element.scrollIntoView();
}

window.quothSource?.abort(); // a page that is drawn again listens once
window.quothSource = new AbortController();
document.addEventListener("click", onPress, { signal: window.quothSource.signal });
watch("value", () => requestAnimationFrame(reveal));
