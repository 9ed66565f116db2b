// The conversations, each under a key of its own, so that tabs do not write over one another; sealed
// with the index's key, so that what is served here another day cannot read them. What one *is*, the
// server says and checks; here it is stored, found and given back.
const { secret, shelf, n_talks, n_characters } = props;
const prefix = `quoth.${shelf}.`;
const texts = document.querySelector("#q-talks-said").dataset;
const say = (text) => (document.querySelector("#q-talks-said").textContent = text);
const sealing = crypto.subtle?.importKey(
  "raw", Uint8Array.from(secret.match(/../g), (pair) => parseInt(pair, 16)), "AES-GCM", false,
  ["encrypt", "decrypt"],
);

async function seal(record) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const text = new TextEncoder().encode(JSON.stringify(record));
  const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await sealing, text));
  return btoa(Array.from([...iv, ...sealed], (byte) => String.fromCharCode(byte)).join(""));
}

async function unseal(text) {
  try {
    const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
    const iv = bytes.slice(0, 12);
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, await sealing, bytes.slice(12));
    const record = JSON.parse(new TextDecoder().decode(plain));
    return Array.isArray(record?.turns) && record.turns.length ? record : null;
  } catch {
    return null; // not one of ours
  }
}

const read = (id) => unseal(localStorage.getItem(prefix + id) ?? "");
const stored = () => Object.keys(localStorage).filter((name) => name.startsWith(prefix));

// What this tab knows: which conversation is open, the turns of each that it has opened or kept, and
// under which id it goes on with one that another tab has changed.
let open = sessionStorage.getItem(`${prefix}open`);
const known = new Map();
const moved = new Map();
function stand(id, turns) {
  open = id;
  if (id) known.set(id, JSON.stringify(turns));
  if (id) sessionStorage.setItem(`${prefix}open`, id);
  else sessionStorage.removeItem(`${prefix}open`);
}

const seen = new Map(); // name -> what was stored there, and what the list says of it
async function talks() {
  const all = await Promise.all(stored().map(async (name) => {
    const text = localStorage.getItem(name);
    if (seen.get(name)?.text !== text) {
      const record = await unseal(text);
      const asked = String(record?.turns[0]?.question ?? "");
      const { name: called = "", at = 0, turns = [] } = record ?? {};
      const talk = record && { id: name.slice(prefix.length), name: called, asked, at, n: turns.length };
      seen.set(name, { text, talk });
    }
    return seen.get(name).talk;
  }));
  return all.filter(Boolean);
}
const list = async () => trigger("list", { talks: await talks(), open });

function write(id, sealed, all) {
  const others = all.filter((talk) => talk.id !== id).sort((a, b) => a.at - b.at);
  const size = () => stored().reduce((sum, name) => sum + localStorage.getItem(name).length, 0);
  const drop = () => {
    localStorage.removeItem(prefix + others.shift().id);
    say(texts.dropped);
  };
  while (others.length && (others.length >= n_talks || size() + sealed.length > n_characters)) drop();
  for (;;) {
    try {
      return localStorage.setItem(prefix + id, sealed);
    } catch (full) {
      if (!others.length) throw full;
      drop();
    }
  }
}

// Store what a function makes of what is stored; again, if another tab has written there meanwhile.
async function change(id, changed) {
  for (;;) {
    const before = localStorage.getItem(prefix + id);
    const record = changed(before && (await unseal(before)));
    if (!record) return false;
    const sealed = await seal(record);
    const all = await talks();
    if (localStorage.getItem(prefix + id) !== before) continue;
    write(id, sealed, all);
    return true;
  }
}

// Keep the turns under the id that the server has for them. Where another tab has added others to the
// same conversation, both stay.
async function keep({ id: given, turns, n_left_out }) {
  if (!turns.length) return stand(null);
  const id = moved.get(given) ?? given;
  const text = JSON.stringify(turns);
  if (text === known.get(id)) return stand(id, turns);
  const record = { turns, name: "", at: Date.now() };
  const added = await change(id, (prior) => {
    const asKnown = known.has(id) ? JSON.stringify(prior?.turns) === known.get(id) : !prior;
    return asKnown && { ...record, name: prior?.name ?? "" };
  });
  if (!added) {
    moved.set(given, crypto.randomUUID());
    await change(moved.get(given), () => record);
  }
  stand(moved.get(given) ?? given, turns);
  if (n_left_out) say(texts.shortened);
}

const rename = (id, name) => change(id, (prior) => prior && { ...prior, name: name.trim() });

async function begin() {
  const address = new URL(location.href);
  const question = address.searchParams.get("q")?.trim() || null;
  address.searchParams.delete("q");
  if (question) history.replaceState(history.state, "", address);
  const record = open && (await read(open));
  const asks = (turn) => [turn.question, turn.answer?.understood_as].includes(question);
  const has = record?.turns.some(asks);
  if (record && (has || !question)) {
    stand(open, record.turns);
    return trigger("open", { id: open, turns: record.turns });
  }
  stand(null);
  if (!question) return;
  const same = (await talks()).find((talk) => talk.n === 1 && talk.asked === question);
  if (same) stand(same.id, (await read(same.id)).turns); // asked again: the new answer replaces it
  trigger("ask", { id: open, turns: [], question });
}

function save({ name, type, text }) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

const presses = {
  "q-talk-open": async (id) => {
    const record = await read(id);
    if (!record) return;
    stand(id, record.turns);
    fold(false);
    trigger("open", { id, turns: record.turns });
  },
  "q-talk-yes": (id) => {
    localStorage.removeItem(prefix + id);
    if (id === open) trigger("empty");
    document.querySelector("#q-talks-new").focus();
  },
};

function fold(opened) {
  const head = document.querySelector("#q-talks-head");
  head?.setAttribute("aria-expanded", opened);
}

function onClick(event) {
  const button = event.target.closest?.("#q-talks button, button.q-link");
  if (!button) return;
  const row = button.closest("li");
  const press = presses[button.className];
  if (press) queue(() => press(row.dataset.talk), list);
  if (button.matches("#q-talks-head")) fold(button.getAttribute("aria-expanded") !== "true");
  if (button.matches(".q-talk-rename")) ask(row, "q-renaming", "input");
  if (button.matches(".q-talk-delete")) ask(row, "q-sure", ".q-talk-no");
  if (button.matches(".q-talk-no")) settle(row);
  if (button.matches(".q-link")) {
    navigator.clipboard?.writeText(new URL(button.value, location.href).href).then(() => copied(button));
  }
}

function copied(button) {
  const text = button.textContent;
  if (text === texts.done) return;
  button.textContent = texts.done;
  say(texts.copied);
  setTimeout(() => {
    button.textContent = text;
    say("");
  }, 4000);
}

function ask(row, what, focused) {
  row.className = what;
  row.scrollIntoView({ block: "nearest" });
  row.querySelector(focused).focus({ preventScroll: true });
  row.querySelector("input").select();
}

function settle(row) {
  const opener = row.matches(".q-renaming") ? ".q-talk-rename" : ".q-talk-delete";
  row.className = "";
  row.querySelector(opener).focus();
}

function onKey(event) {
  const row = event.key === "Escape" && event.target.closest?.("#q-talks li[class]");
  if (row) settle(row);
}

function onSubmit(event) {
  if (!event.target.matches?.(".q-talk-naming")) return;
  event.preventDefault();
  const row = event.target.closest("li");
  const { value } = row.querySelector("input");
  settle(row);
  queue(() => rename(row.dataset.talk, value), list);
}

// One thing after another: what is sealed takes a while.
let last = Promise.resolve();
function queue(...steps) {
  for (const step of steps) last = last.then(step).catch(() => say(texts.unkept));
}

if (sealing) {
  window.quothTalks?.abort(); // a page that is drawn again listens once
  window.quothTalks = new AbortController();
  const { signal } = window.quothTalks;
  document.addEventListener("click", onClick, { signal });
  document.addEventListener("keydown", onKey, { signal });
  document.addEventListener("submit", onSubmit, { signal });
  window.addEventListener("storage", ({ key: name }) => name?.startsWith(prefix) && queue(list), { signal });
  watch("value", () => {
    const { turns, file } = props.value ?? {};
    if (turns) queue(() => keep(props.value), list);
    if (file) save(file);
  });
  queue(begin, list);
} else {
  say(texts.unkept);
}
