// Keys that every page has. A page names its rows with data-row (a row's first link is what Enter opens), its filter
// with data-filter, and what a key presses within the chosen row with data-key. Every page works without this script.
const typing = (target) => target.closest("input, select, textarea") !== null;
// What Enter presses by itself; a button of a dialog that has closed may hold the focus for a moment.
const pressable = (target) => Boolean(target.closest("a, button, summary")?.offsetParent);
const rows = () => [...document.querySelectorAll("[data-row]")];
const chosen = () => document.querySelector("[data-row].current");

function mark(row) {
  chosen()?.classList.remove("current");
  row.classList.add("current");
}

function move(by) {
  const all = rows();
  const at = all.indexOf(chosen());
  const row = all[at < 0 ? 0 : Math.min(all.length - 1, Math.max(0, at + by))];
  if (!row) return false;
  mark(row);
  row.tabIndex = -1;
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  return true;
}

function press(selector) {
  const found = document.querySelector(selector);
  if (found) found.click();
  return Boolean(found);
}

function reach(selector) {
  const found = document.querySelector(selector);
  const folded = found && found.closest("details");
  if (folded) folded.open = true;
  if (found) found.focus();
  return Boolean(found);
}

const acts = {
  "?": () => press("#ask-keys"),
  "/": () => reach("[data-filter]"),
  j: () => move(1),
  k: () => move(-1),
  Enter: () => press("[data-row].current a[href]"),
};

function act(key) {
  return press(`[data-row].current [data-key="${CSS.escape(key)}"]`) || Boolean(acts[key] && acts[key]());
}

const keys = document.getElementById("keys");
const ask = document.getElementById("ask-keys");
if (ask && keys) {
  ask.hidden = false;
  ask.addEventListener("click", () => keys.showModal());
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    if (typing(event.target)) {
      if (event.key === "Escape") event.target.blur();
    } else if (!(event.key === "Enter" && pressable(event.target)) && act(event.key)) {
      event.preventDefault();
    }
  });
  document.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) mark(row);
  });
}

// Ages go on while the page stays open, by the service's clock: <time data-ago>.
const made = document.getElementById("now");
if (made) {
  const ahead = Date.now() - Date.parse(made.dateTime);
  const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];
  const ago = (seconds) => {
    const [unit, size] = units.find((each) => seconds >= each[1]) || units[3];
    return seconds < 1 ? "now" : `${Math.floor(seconds / size)} ${unit} ago`;
  };
  setInterval(() => {
    for (const each of document.querySelectorAll("time[data-ago]")) {
      each.textContent = ago((Date.now() - ahead - Date.parse(each.dateTime)) / 1000);
    }
  }, 10000);
}
