// The list of documents: show one, or remove one after a second press.
element.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  const row = button.closest("li");
  if (button.matches(".q-show")) trigger("show", { id: button.value });
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
});
