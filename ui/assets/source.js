// The source pane: a press on a citation asks for its document; the marked quote scrolls into view.
let pressed = false;

function onPress(event) {
  const button = event.target.closest?.("button.q-cite");
  if (!button) return;
  pressed = true;
  trigger("cite", { place: button.value });
  if (reveal()) pressed = true; // the same source again: its value will not change
}

function reveal() {
  const scroll = element.querySelector(".q-scroll");
  const mark = element.querySelector("mark.q-now");
  if (!scroll) return false;
  const offset = mark
    ? mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top
    : -scroll.scrollTop;
  scroll.scrollTop += mark ? offset - scroll.clientHeight / 3 : offset;
  if (pressed) {
    pressed = false;
    scroll.focus({ preventScroll: true });
    const pane = element.getBoundingClientRect();
    if (pane.top < 0 || pane.top > window.innerHeight / 2) {
      element.scrollIntoView({ block: "start" });
    }
  }
  return true;
}

window.quothSource?.abort(); // a page that is drawn again listens once
window.quothSource = new AbortController();
document.addEventListener("click", onPress, { signal: window.quothSource.signal });
watch("value", () => requestAnimationFrame(reveal));
