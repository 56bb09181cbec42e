// Says that facts changed since this page was made; the reader decides when to look, so nothing moves under their eyes.
const fresh = document.getElementById("fresh");
if (fresh && !new URLSearchParams(location.search).get("cursor")) {
  const seen = new Set();
  const stream = new EventSource("/api/v1/changes/stream");
  stream.addEventListener("change", (event) => {
    seen.add(event.lastEventId);
    const link = document.createElement("a");
    link.href = location.href;
    link.textContent = seen.size === 1 ? "1 new fact change" : `${seen.size} new fact changes`;
    fresh.replaceChildren(link);
    fresh.hidden = false;
    document.title = `(${seen.size}) ${document.title.replace(/^\(\d+\) /, "")}`;
  });
}
