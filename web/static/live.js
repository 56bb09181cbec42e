// New fact changes come in above the list, as the server writes them, and the row under the reader's eye stays where
// it is. Who has scrolled down, or is at work on a row, is told how many came; one press leads to them.
const list = document.getElementById("changes");
const fresh = document.getElementById("fresh");
const title = document.title;
const waiting = new Set();
let unseen = 0;
let timer = 0;

const atTop = () => window.scrollY < 40 && !document.querySelector("[data-row].current");

function announce() {
  document.title = unseen ? `(${unseen}) ${title}` : title;
  fresh.replaceChildren();
  if (!unseen) return;
  const button = document.createElement("button");
  button.textContent = unseen === 1 ? "1 new change" : `${unseen} new changes`;
  button.addEventListener("click", () => {
    unseen = 0;
    announce();
    list.querySelector("[data-row].current")?.classList.remove("current");
    window.scrollTo({ top: 0 });
  });
  fresh.append(button);
}

// What the reader looks at: the chosen row, else the first one that is in view.
function looked() {
  const shown = [...list.querySelectorAll("[data-row]")];
  return list.querySelector("[data-row].current") || shown.find((row) => row.getBoundingClientRect().bottom > 0);
}

function insert(groups) {
  const still = !atTop();
  const row = looked();
  const place = row ? row.getBoundingClientRect().top : 0;
  document.getElementById("empty")?.remove();
  for (const group of groups.reverse()) {
    group.classList.add("arrived");
    list.prepend(document.adoptNode(group));
    unseen += group.querySelectorAll("[data-row]").length;
  }
  if (!still && !document.hidden) unseen = 0;
  announce();
  if (still && row) window.scrollBy(0, row.getBoundingClientRect().top - place);
}

async function fetchRows() {
  const ids = [...waiting].filter((id) => !document.getElementById(`c${id}`));
  waiting.clear();
  while (ids.length) {
    const part = ids.splice(0, 100);
    const answer = await fetch(`${list.dataset.live}&ids=${part.join(",")}`, { headers: { accept: "text/html" } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const groups = [...page.querySelectorAll("#changes > li")];
    if (groups.length) insert(groups);
  }
}

// Pages that went or came back have no place in the stream of changes; they are rare, and asked for.
async function hearHappenings() {
  const answer = await fetch(list.dataset.happening, { headers: { accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const groups = [...page.querySelectorAll("#changes > li[id]")].filter((each) => !document.getElementById(each.id));
  if (groups.length) insert(groups);
}

if (list && list.dataset.happening) setInterval(() => hearHappenings().catch(() => {}), 10000);

if (list && list.dataset.live) {
  // insert() holds the place; a browser that does so too would make it a jump.
  document.documentElement.style.overflowAnchor = "none";
  const stream = new EventSource(`/api/v1/changes/stream?after=${list.dataset.last}`);
  stream.addEventListener("change", (event) => {
    waiting.add(event.lastEventId);
    clearTimeout(timer);
    timer = setTimeout(fetchRows, 250);
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden && atTop()) {
      unseen = 0;
      announce();
    }
  });
}
