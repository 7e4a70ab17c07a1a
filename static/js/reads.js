// Says once that the story of this page was read. Nothing is stored but that, in this tab alone; the address gets the
// number of the story and nothing else (articles/read_views.py).
const READ_AFTER = 7000; // ms in sight, without a break

export function initReads() {
  const story = document.querySelector("[data-read]")?.dataset.read;
  if (!story) return;
  const seen = `read ${story}`;
  let timer = 0;

  function tell() {
    stop();
    try {
      if (sessionStorage.getItem(seen)) return;
      sessionStorage.setItem(seen, "1");
    } catch {
      // Storage is closed to us: the server knows a second time when it comes soon.
    }
    navigator.sendBeacon("/reads/", new URLSearchParams({ article: story }));
  }

  function follow() {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(tell, READ_AFTER);
  }

  // A glance at the first screen is no read; whoever goes beyond it reads.
  function scrolled() {
    if (!document.hidden && scrollY > innerHeight / 2) tell();
  }

  function stop() {
    clearTimeout(timer);
    document.removeEventListener("visibilitychange", follow);
    removeEventListener("scroll", scrolled);
  }

  function start() {
    follow();
    document.addEventListener("visibilitychange", follow);
    addEventListener("scroll", scrolled, { passive: true });
  }

  // The browser may draw a page ahead that nobody opens.
  if (document.prerendering) document.addEventListener("prerenderingchange", start, { once: true });
  else start();
}
