// Lets what comes stream in on top of the list. Text from outside only ever becomes text nodes.
const list = document.getElementById("live");
const tools = document.getElementById("live-tools");
const fresh = document.getElementById("live-new");
const pause = document.getElementById("live-pause");
const state = document.getElementById("live-state");
const KEPT = 300;
const waiting = [];
let over = false;

function make(name, text, cls) {
  const one = document.createElement(name);
  if (text) one.textContent = text;
  if (cls) one.className = cls;
  return one;
}

const plain = (name) => name.replace(/[_-]/g, " ");

function clock(at) {
  const when = new Date(at);
  const time = make("time", `${when.getUTCDate()} ${when.toLocaleString("en", { month: "short", timeZone: "UTC" })}, ${at.slice(11, 16)}`);
  time.dateTime = at;
  return time;
}

function entry(event) {
  const one = make("li", "", `${event.kind} ${event.said ? event.said.leaning : ""} arrived`);
  const head = make("p", "", "head");
  const link = make("a", event.text);
  link.href = `/questions/${encodeURIComponent(event.question)}`;
  head.append(make("span", plain(event.label), "label"), " ", link, " · ", clock(event.at));
  one.append(head);
  if (event.said) {
    const quote = make("q");
    quote.dir = "auto";
    if (event.said.lang) quote.lang = event.said.lang;
    for (const piece of event.said.pieces) quote.append(piece.role ? make("mark", piece.text, piece.role) : piece.text);
    const block = make("blockquote");
    block.append(quote);
    const by = make("p", "", "by");
    by.append(make("bdi", event.said.source));
    one.append(block, by);
  }
  return one;
}

const reads = () =>
  over || pause.getAttribute("aria-pressed") === "true" || scrollY > 240 || !getSelection().isCollapsed;

function show() {
  list.querySelector(".none")?.remove();
  for (const event of waiting.splice(0)) list.prepend(entry(event));
  while (list.children.length > KEPT) list.lastElementChild.remove();
  fresh.hidden = true;
}

function arrived() {
  if (!reads()) return show();
  fresh.textContent = `Show ${waiting.length} new`;
  fresh.hidden = false;
}

tools.hidden = false;
fresh.addEventListener("click", () => { show(); scrollTo(0, 0); });
pause.addEventListener("click", () => {
  const on = pause.getAttribute("aria-pressed") !== "true";
  pause.setAttribute("aria-pressed", String(on));
  pause.textContent = on ? "Go on" : "Pause";
  if (!on && waiting.length) arrived();
});
list.addEventListener("pointerenter", () => { over = true; });
list.addEventListener("pointerleave", () => { over = false; if (waiting.length) arrived(); });

// The browser names the last event it saw when it comes again (Last-Event-ID); until there is one, the page's place counts.
const source = new EventSource(`/live/events?after=${encodeURIComponent(list.dataset.place)}`);
source.addEventListener("open", () => { state.textContent = "connected"; });
source.addEventListener("error", () => { state.textContent = "not connected; trying again"; });
source.addEventListener("message", (message) => { waiting.push(JSON.parse(message.data)); arrived(); });
