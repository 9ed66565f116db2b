// The question box: an earlier question comes back into it, and a new answer is heard once.
const box = () => document.querySelector("#q-question-box textarea");

function onPress(event) {
  const edit = event.target.closest?.("button.q-edit");
  if (edit) trigger("edit", { place: edit.value });
  if (event.target.closest?.("button.q-cancel")) trigger("keep", {});
  if (event.target.closest?.("#q-stop-answer, button.q-cancel")) box()?.focus();
}

function atTheEnd() {
  if (!props.value || !box()) return;
  box().focus();
  box().setSelectionRange(box().value.length, box().value.length);
}

window.quothAsk?.abort(); // a page that is drawn again listens once
window.quothAsk = new AbortController();
document.addEventListener("click", onPress, { signal: window.quothAsk.signal });
watch("value", () => setTimeout(atTheEnd, 50)); // after the box has its text
