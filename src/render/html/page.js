"use strict";
const find = (selector) => document.querySelector(selector);
const [list, search, count, video, follow] = ["ol", "input", "output", "video", "button"].map(find);
const cues = [...list.children].map((item) => {
  const text = item.lastElementChild;
  return { item, text, said: text.textContent, start: +item.dataset.start, end: +item.dataset.end };
});
let current;

const reveal = (item, behavior) => item?.scrollIntoView({ block: "center", behavior });

const filter = () => {
  const words = search.value.trim().replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&").replace(/\s+/g, "\\s+");
  const pattern = words && new RegExp(`(${words})`, "giu");
  let found = 0;
  for (const { item, text, said } of cues) {
    const parts = pattern ? said.split(pattern) : [said];
    item.hidden = pattern !== "" && parts.length < 2;
    found += !item.hidden;
    if (parts.length > 1 || text.firstElementChild) {
      text.replaceChildren(...parts.map((part, index) => {
        if (index % 2 === 0) return part;
        const mark = document.createElement("mark");
        mark.textContent = part;
        return mark;
      }));
    }
  }
  count.textContent = pattern && `${found} of ${cues.length}`;
  if (!pattern) reveal(current?.item ?? document.getElementById(location.hash.slice(1)));
};

find(".tools").hidden = false;
search.addEventListener("input", filter);
addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && event.target !== search) {
    search.select();
  } else if (event.key === "Escape" && (search.value || event.target === search)) {
    search.value = "";
    search.blur();
    filter();
  } else if (event.key === " " && video && !event.target.closest("input, button, video")) {
    video.paused ? play() : video.pause();
  } else {
    return;
  }
  event.preventDefault();
});

const play = () => video.play().catch(() => {});

if (video) {
  const track = video.addTextTrack("captions", "Captions", list.lang);
  const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;" };
  for (const { start, end, said } of cues) {
    // Isolated (FSI, PDI), each line has a direction of its own, as in the list.
    const lines = said.replace(/[&<>]/g, (c) => escapes[c]).replace(/.+/g, "\u2068$&\u2069");
    track.addCue(new VTTCue(start, end, lines));
  }
  track.mode = "showing";

  const setFollow = (on) => follow.setAttribute("aria-pressed", on);
  const isFollowing = () => follow.getAttribute("aria-pressed") === "true";
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const update = () => {
    const now = cues.findLast(({ start }) => start <= video.currentTime + 0.01);
    if (now === current) return;
    current?.item.removeAttribute("aria-current");
    now?.item.setAttribute("aria-current", "true");
    current = now;
    if (isFollowing()) reveal(now?.item, calm.matches ? "auto" : "smooth");
  };
  const seek = (item) => {
    setFollow(true);
    video.currentTime = item.dataset.start;
  };
  const seekToHash = () => {
    const item = document.getElementById(location.hash.slice(1));
    if (item) seek(item);
  };
  for (const event of ["timeupdate", "seeked"]) video.addEventListener(event, update);
  track.addEventListener("cuechange", update);
  list.addEventListener("click", (event) => {
    if (!event.target.closest("a") || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    seek(event.target.closest("li"));
    play();
  });
  for (const event of ["wheel", "touchmove"]) {
    list.addEventListener(event, () => setFollow(false), { passive: true });
  }
  follow.addEventListener("click", () => {
    setFollow(!isFollowing());
    if (isFollowing()) reveal(current?.item);
  });
  video.addEventListener("error", () => {
    find(".player p").textContent = `This browser cannot play ${video.getAttribute("aria-label")}.`;
  });
  addEventListener("hashchange", seekToHash);
  seekToHash();
}
