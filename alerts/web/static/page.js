// Small comforts: times stay fresh while the page is open. Everything works without this file.
const UNITS = [[86400, "days"], [3600, "h"], [60, "min"], [1, "s"]];
const drift = Date.now() - Date.parse(document.documentElement.dataset.now || new Date().toISOString());

function span(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole >= 172800) return `${Math.floor(whole / 86400)} days`;
  if (whole >= 3600) {
    const rest = Math.floor((whole % 3600) / 60);
    return `${Math.floor(whole / 3600)} h${rest ? ` ${rest} min` : ""}`;
  }
  const [size, name] = UNITS.find(([least]) => whole >= least) ?? UNITS[3];
  return `${Math.floor(whole / size)} ${name}`;
}

function tick() {
  const now = Date.now() - drift;
  for (const one of document.querySelectorAll("time.countdown")) {
    one.textContent = span((Date.parse(one.dateTime) - now) / 1000);
  }
  for (const one of document.querySelectorAll("time.ago")) {
    one.textContent = `${span((now - Date.parse(one.dateTime)) / 1000)} ago`;
  }
}
setInterval(tick, 1000);
