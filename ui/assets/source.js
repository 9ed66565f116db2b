// The source pane: a press on a citation asks for its document, and a button of the pane for another
// part of it; the marked quote scrolls into view, and the focus stays where the reader was.
const PATIENCE = 5000; // milliseconds within which a source that comes was asked for by a press
const PRESSED = ["cite", "show", "back", "go", "zoom"].map((name) => `button.q-${name}`).join();
const KEYS = { n: "after", p: "before", ArrowLeft: "page-before", ArrowRight: "page-after" };
let opener = null;
let pressed = null; // which button of the pane was pressed last
let pressedAt = -Infinity;

function onPress(event) {
  const button = event.target.closest?.(PRESSED);
  if (!button) return;
  if (button.matches(".q-back")) return back();
  if (button.matches(".q-zoom")) {
    element.classList.toggle("q-large-page");
    return reveal();
  }
  pressedAt = performance.now();
  pressed = button.matches(".q-go") ? button.dataset.go : null;
  if (!pressed) opener = button;
  if (button.matches(".q-cite")) ask("cite", { place: button.value });
  if (pressed) ask("view", { view: button.value });
  else reveal(); // the same source again brings no new value
}

function ask(what, said) {
  const shown = element.querySelector("[data-shows]")?.dataset.shows;
  if (![said.view, `place=${said.place}`].includes(shown)) {
    element.setAttribute("aria-busy", "true");
    setTimeout(() => element.removeAttribute("aria-busy"), PATIENCE);
  }
  const at = performance.now(); // what is asked for last is shown, whatever comes first
  if (what === "cite") trigger("cite", { ...said, at });
  else trigger("view", { ...said, at });
}

function back() {
  (opener ?? document.querySelector("#q-talk")).scrollIntoView({ block: "center" });
  opener?.focus({ preventScroll: true });
}

// While the pane is drawn anew the focus is nowhere: what is typed then is meant for the pane.
function isHere(target) {
  const anew = target === document.body && performance.now() - pressedAt < PATIENCE;
  return element.contains(target) || (anew && pressed);
}

function onKey(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || !isHere(event.target)) return;
  if (event.key === "Escape") return back();
  const wide = event.target.closest(".q-wide"); // the arrows move what is wider than the pane
  if (wide && wide.scrollWidth > wide.clientWidth) return;
  const button = element.querySelector(`button[data-go='${KEYS[event.key]}']:enabled`);
  if (!button) return;
  event.preventDefault();
  button.click();
}

function reveal() {
  const scroll = element.querySelector(".q-scroll");
  if (!scroll) return;
  const large = element.classList.contains("q-large-page");
  element.querySelector(".q-zoom")?.setAttribute("aria-pressed", large);
  const mark = element.querySelector(".q-here") ?? element.querySelector("mark.q-now");
  const top = mark && mark.getBoundingClientRect().top - scroll.getBoundingClientRect().top;
  scroll.scrollTop = mark ? scroll.scrollTop + top - scroll.clientHeight / 3 : 0;
  mark?.closest(".q-wide") && aside(mark);
  if (performance.now() - pressedAt > PATIENCE) return;
  const again = pressed && element.querySelector(`[data-go='${CSS.escape(pressed)}']:enabled`);
  if (again?.closest("details")) again.closest("details").open = true;
  (again ?? scroll).focus({ preventScroll: true });
  const pane = element.getBoundingClientRect();
  if (pane.top < 0 || pane.top > window.innerHeight / 2) element.scrollIntoView();
}

function aside(mark) {
  const wide = mark.closest(".q-wide");
  const left = mark.getBoundingClientRect().left - wide.getBoundingClientRect().left;
  wide.scrollLeft += left - wide.clientWidth / 3;
}

window.quothSource?.abort(); // a page that is drawn again listens once
window.quothSource = new AbortController();
document.addEventListener("click", onPress, { signal: window.quothSource.signal });
document.addEventListener("keydown", onKey, { signal: window.quothSource.signal });
watch("value", () => {
  element.removeAttribute("aria-busy");
  requestAnimationFrame(reveal);
});
