// «قبل ٣ ساعات» instead of the moment, for a day. Pages lie in caches, so the server prints the moment; the words and
// digits are its own too, because Intl.RelativeTimeFormat says «قبل دقيقة واحدة» and knows no digits of the site.
const MINUTE = 60_000; // ms
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

function reader(packed) {
  const [digits, moments, ...forms] = packed.split("|");
  const print = (number) => String(number).replace(/\d/g, (digit) => digits[digit]);
  // One, two, a few (3-10), many: no unit within a day counts higher than 59.
  const count = (number, first) =>
    forms[first + (number < 3 ? number - 1 : number <= 10 ? 2 : 3)].replace("%", print(number));
  return (age) => {
    if (age < MINUTE) return moments;
    return age < HOUR ? count(Math.floor(age / MINUTE), 0) : count(Math.floor(age / HOUR), 4);
  };
}

// `part` may be what is about to be put into the page.
export function initRelativeTime(part = document) {
  const packed = document.body.dataset.ago;
  const times = [...part.querySelectorAll("time[data-relative]")].map((element) => ({
    element,
    at: Date.parse(element.dateTime),
    moment: element.textContent,
    title: element.dataset.relative || element.textContent,
  }));
  if (!packed || !times.length) return;
  const say = reader(packed);

  function write({ element, at, moment, title }, isRelative) {
    const age = Date.now() - at;
    // A clock that runs behind ours would count from the future: the moment stays.
    const text = isRelative && age >= 0 && age < DAY ? say(age) : moment;
    if (element.textContent === text) return;
    element.textContent = text;
    if (text === moment) element.removeAttribute("title");
    else element.title = title;
  }

  const height = (line) => line.getBoundingClientRect().height; // with its fractions

  // Where shorter words take a line away, a card keeps its height, so that nothing below moves; elsewhere the moment stays.
  function update() {
    const lines = times.map(({ element }) => element.parentElement);
    const heights = lines.map(height);
    for (const time of times) write(time, true);
    const moved = lines.map((line, number) => height(line) !== heights[number]);
    times.forEach((time, number) => {
      const line = lines[number];
      if (!moved[number]) return;
      if (line.closest(".card")) line.style.minBlockSize = `${heights[number]}px`;
      else write(time, false);
    });
  }

  let timer = 0;

  function follow() {
    clearInterval(timer);
    if (document.hidden) return;
    update();
    timer = setInterval(update, MINUTE);
  }

  follow();
  document.addEventListener("visibilitychange", follow);
  // On paper the moment says more.
  addEventListener("beforeprint", () => times.forEach((time) => write(time, false)));
  addEventListener("afterprint", update);
}
