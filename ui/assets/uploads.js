// Files and folders that are chosen or dropped: sent to gradio's own upload, a batch at a time,
// with what is left to send, and a stop. What becomes of them the server says.
const BATCH = { files: 50, bytes: 4e6 };
const adder = element.querySelector(".q-adder");
const part = (name) => adder.querySelector(`.q-${name}`);
const told = adder.dataset;
const suffixes = new Set(told.suffixes.split(" "));
const suffixOf = (name) => (name.match(/[^/]\.[^./]+$/)?.[0].slice(1) ?? "").toLowerCase();
const isHidden = (name) => name.split("/").some((one) => one.startsWith("."));
const seen = (name) => name.replace(/[\p{Cc}\p{Cf}]/gu, "\ufffd"); // nothing in it reorders what is said
const fits = ({ name, file }) => suffixes.has(suffixOf(name)) && file.size <= Number(told.bytes);
let request = null; // the upload that goes on

function say(text) {
  part("sent").textContent = text;
  part("sending").hidden = true;
}

async function bring(files) {
  if (request) return;
  const found = files.filter(({ name }) => !isHidden(name));
  if (!found.length) return say(told.none);
  if (found.length > Number(told.files)) return say(told.many);
  const sent = new Map();
  try {
    await send(found.filter(fits), sent);
    trigger("bring", { files: named(found, sent) });
    say("");
  } catch (stopped) {
    trigger("forget", { files: named([...sent.keys()], sent) });
    say(stopped === "stopped" ? told.stopped : told.broken.replace("{name}", () => seen(stopped)));
  } finally {
    request = null;
  }
}

const named = (found, sent) =>
  found.map((each) => ({ name: each.name, size: each.file.size, path: sent.get(each) ?? null }));

async function send(files, sent) {
  const total = files.reduce((sum, { file }) => sum + file.size, 0);
  const begun = performance.now();
  let done = 0;
  say("");
  for (let at = 0; at < files.length; ) {
    const batch = [];
    let bytes = 0;
    while (at < files.length && batch.length < BATCH.files && (!bytes || bytes + files[at].file.size <= BATCH.bytes)) {
      bytes += files[at].file.size;
      batch.push(files[at++]);
    }
    const before = done;
    const onProgress = (loaded) => far(at - batch.length, files.length, before + Math.min(loaded, bytes), total, begun);
    onProgress(0);
    const paths = await post(batch, onProgress);
    batch.forEach((each, n) => sent.set(each, paths[n]));
    done += bytes;
  }
}

function far(n, all, bytes, total, begun) {
  const seconds = (performance.now() - begun) / 1000;
  const mega = (value) => (value / 1e6).toFixed(1);
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
  let said = fill(told.said, { n, all, mb: mega(bytes), total: mega(total) });
  if (seconds > 0.5 && bytes) {
    const left = Math.round(((total - bytes) * seconds) / bytes);
    const clock = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    said += ` · ${fill(told.pace, { rate: mega(bytes / seconds), left: clock })}`;
  }
  part("sending").hidden = false;
  part("far").textContent = said;
  part("sending").querySelector("progress").value = total ? bytes / total : 0;
}

// The paths of a batch of files on the server, in their order.
function post(batch, onProgress) {
  return new Promise((resolve, reject) => {
    const form = new FormData();
    for (const { name, file } of batch) form.append("files", file, `document${suffixOf(name)}`);
    request = new XMLHttpRequest();
    request.upload.onprogress = (event) => onProgress(event.loaded);
    request.onabort = () => reject("stopped");
    request.onerror = () => reject(batch[0].name);
    request.onload = () => (request.status === 200 ? resolve(JSON.parse(request.response)) : reject(batch[0].name));
    const { root = "", api_prefix = "/gradio_api" } = window.gradio_config ?? {};
    request.open("POST", `${root}${api_prefix}/upload`);
    request.send(form);
  });
}

// Every file of what was dropped, with its path below the folder it was dropped with.
async function opened(entry) {
  if (isHidden(entry.name)) return [];
  const name = entry.fullPath.replace(/^\//, "");
  if (entry.isFile) {
    return new Promise((resolve) => entry.file((file) => resolve([{ name, file }]), () => resolve([])));
  }
  const reader = entry.createReader();
  const inside = [];
  for (;;) { // a reader gives a hundred at a time
    const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
    if (!some.length) break;
    for (const each of some) inside.push(...(await opened(each)));
    if (inside.length > Number(told.files)) break;
  }
  return inside;
}

element.addEventListener("click", (event) => {
  if (event.target.matches(".q-add-files")) part("files").click();
  if (event.target.matches(".q-add-folder")) part("tree").click();
  if (event.target.matches(".q-cancel")) request?.abort();
});
element.addEventListener("change", (event) => {
  const chosen = [...event.target.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
  event.target.value = "";
  if (chosen.length) bring(chosen);
});

window.quothUploads?.abort(); // a page that is drawn again listens once
window.quothUploads = new AbortController();
const listening = { signal: window.quothUploads.signal };
const holdsFiles = (event) => event.dataTransfer?.types.includes("Files");
const shade = (shown) => { part("drop").hidden = !shown; };
document.addEventListener("dragover", (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault(); // else the browser opens the file in place of the page
  shade(true);
}, listening);
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) shade(false); }, listening);
document.addEventListener("drop", async (event) => {
  if (!holdsFiles(event)) return;
  event.preventDefault();
  shade(false);
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  bring((await Promise.all(entries.map(opened))).flat());
}, listening);
