// The chat page: sends without leaving the page, and shows what is posted as it happens.
// Without it the page still reads and sends; everything that is shown was made and escaped by the server.
"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const log = $("log"), scroll = $("scroll"), composer = $("composer"), text = $("text"), picker = $("files");
  const chosen = $("chosen"), trouble = $("trouble"), typing = $("typing"), newer = $("newer");
  const words = composer.dataset, title = document.title;
  const LARGEST = 20 * 1024 * 1024;
  const seen = new Set([...log.querySelectorAll("[data-id]")].map((each) => Number(each.dataset.id)));
  let last = Number(log.dataset.last), files = [], waiting = 0, unread = 0, again = null, source = null, silent = 0;

  const fresh = () => [...crypto.getRandomValues(new Uint8Array(16))].map((n) => n.toString(16).padStart(2, "0")).join("");
  const made = (html) => { const t = document.createElement("template"); t.innerHTML = html.trim(); return t.content.firstElementChild; };
  const atEnd = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 120;
  const toEnd = () => { scroll.scrollTop = scroll.scrollHeight; newer.hidden = true; };
  const say = (sentence) => { trouble.textContent = sentence; trouble.hidden = !sentence; };

  // what is posted

  function kept(old, now) { // what somebody is typing into a card's form outlives the card's being drawn anew
    for (const open of old.querySelectorAll("details.ask[open]:not([data-sent])")) {
      const same = now.querySelector(`details.ask[data-verb="${CSS.escape(open.dataset.verb)}"]`);
      if (!same) continue;
      same.open = true;
      for (const each of [...open.querySelectorAll("[name]")].filter(typed)) {
        const there = same.querySelector(`[name="${CSS.escape(each.name)}"]`);
        if (there) there.value = each.value;
      }
    }
  }
  function typed(field) {
    if (field.type === "file" || field.type === "hidden") return false;
    const first = field.matches("select") ? ([...field.options].find((each) => each.defaultSelected) || field.options[0]).value : field.defaultValue;
    return field.value !== first;
  }

  function show(message) {
    if (message.reload || message.gone) { message.gone ? say(words.gone) : location.reload(); if (message.gone) { source.close(); document.removeEventListener("visibilitychange", watch); } return; }
    if (message.said) { heard(message); return; }
    if (message.unsaid) { const there = $(`said-${message.unsaid}`); if (there) there.remove(); return; }
    if (message.retired) { const there = $(`post-${message.retired}`); if (there) there.remove(); return; }
    if (!message.id || seen.has(message.id)) return;
    seen.add(message.id);
    last = Math.max(last, message.id);
    const follow = atEnd(), now = made(message.html), old = message.replaces && $(`post-${message.replaces}`);
    const held = old && old.contains(document.activeElement);
    if (old) kept(old, now);
    if (old && message.in_place) old.replaceWith(now);
    else { if (old) old.remove(); log.append(now); }
    now.classList.add("flash");
    if (held) now.focus({ preventScroll: true });
    settle();
    if (follow || waiting) toEnd(); else if (!(old && message.in_place)) newer.hidden = false;
    if (document.hidden) { unread += 1; document.title = `(${unread}) ${title}`; }
  }

  // a picture that is no longer in the handbook: what it showed, in words

  function gone(picture) {
    if (!picture.matches || !picture.matches(".shown img")) return;
    const said = document.createElement("p");
    said.className = "gone"; said.textContent = picture.alt;
    picture.closest(".shown").replaceWith(said);
  }
  log.addEventListener("error", (event) => gone(event.target), true);
  for (const each of log.querySelectorAll(".shown img")) if (each.complete && !each.naturalWidth && each.currentSrc) gone(each);

  function heard(message) {
    const there = $(`said-${message.said}`), now = made(message.html);
    if (there) there.replaceWith(now); else { log.append(now); toEnd(); }
  }

  function connect() {
    source = new EventSource(`${log.dataset.events}?after=${last}`);
    source.onopen = () => { silent = 0; if (trouble.textContent === words.lost) say(""); };
    source.onmessage = (event) => show(JSON.parse(event.data));
    source.onerror = () => {
      silent += 1;
      if (silent > 1) say(words.lost);
      const broken = source;
      if (broken.readyState === EventSource.CLOSED) setTimeout(() => { if (source === broken) connect(); }, Math.min(1000 * silent, 10000));
    };
  }

  // Browsers allow a site few connections: a tab that nobody looks at looks in now and then instead of holding one.
  let rest = 0, looks = 0;
  function lookIn() { connect(); setTimeout(() => { if (document.hidden) source.close(); }, 2000); }
  function watch() {
    clearTimeout(rest); clearInterval(looks);
    if (document.hidden) { rest = setTimeout(() => { source.close(); looks = setInterval(lookIn, 15000); }, 20000); return; }
    unread = 0; document.title = title;
    if (source.readyState === EventSource.CLOSED) connect();
  }
  document.addEventListener("visibilitychange", watch);

  function settle() { typing.hidden = waiting === 0; typing.lastElementChild.textContent = waiting ? words.typing : ""; }

  // sending

  async function send(form, data, event) {
    data.set("csrf", composer.elements.csrf.value);
    data.set("event", event);
    const answer = await fetch(form.action, { method: "POST", body: data, headers: { Accept: "application/json" } });
    if (answer.ok) return;
    let told = words.failed;
    try { told = (await answer.json()).error || told; } catch { /* not ours: the sentence stands */ }
    throw Object.assign(new Error(told), { told });
  }

  async function write() {
    const said = text.value.trim(), sent = files;
    if (!said && !sent.length) { text.focus(); return; }
    const event = again && again.said === said && again.sent === sent ? again.event : fresh();
    const data = new FormData();
    data.set("text", said);
    for (const each of sent) data.append("files", each, each.name);
    const bubble = document.createElement("li");
    bubble.className = "said waiting";
    bubble.id = `said-web:${words.handle}:${event}`;
    const inside = document.createElement("div");
    inside.className = "bubble";
    for (const line of [said, ...sent.map((each) => each.name)].filter(Boolean)) { const p = document.createElement("p"); p.textContent = line; inside.append(p); }
    bubble.append(inside);
    log.append(bubble);
    text.value = ""; pick([]); grow(); say("");
    waiting += 1; settle(); toEnd();
    try {
      await send(composer, data, event);
      again = null;
    } catch (error) {
      const there = $(bubble.id);
      if (there) there.remove();
      text.value = [said, text.value].filter(Boolean).join("\n");
      if (!files.length) pick(sent);
      again = { said: text.value.trim(), sent: files, event };
      grow(); say(error.told || words.failed); text.focus();
    }
    waiting -= 1;
    setTimeout(settle, 300);
  }

  async function press(form) {
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    const button = form.querySelector("button:not([type=button])"), ask = form.closest("details.ask");
    if (ask) ask.dataset.sent = "1";
    button.setAttribute("aria-busy", "true");
    say("");
    const data = new FormData(form);
    const release = () => { delete form.dataset.busy; button.removeAttribute("aria-busy"); };
    const failed = (told) => { say(told); release(); if (ask) delete ask.dataset.sent; };
    for (const [name, value] of [...data]) if (value instanceof File && value.size > LARGEST) { failed(words.large.replace("{name}", value.name)); return; }
    try {
      await send(form, data, fresh());
      setTimeout(release, 1500);
    } catch (error) { failed(error.told || words.failed); }
  }

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-live]")) return;
    event.preventDefault();
    if (event.target === composer) write(); else press(event.target);
  });

  // writing

  function grow() { text.style.height = "auto"; text.style.height = `${text.scrollHeight}px`; }
  text.addEventListener("input", grow);
  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) { event.preventDefault(); write(); }
  });

  function pick(some) {
    files = some;
    chosen.replaceChildren(...files.map((each) => {
      const item = document.createElement("span"), away = document.createElement("button");
      item.textContent = each.name;
      away.type = "button"; away.textContent = "×"; away.setAttribute("aria-label", words.remove.replace("{name}", each.name));
      away.onclick = () => { pick(files.filter((other) => other !== each)); text.focus(); };
      item.append(away);
      return item;
    }));
    chosen.hidden = !files.length;
    if (!files.length) picker.value = "";
  }
  function add(some) {
    const large = some.find((each) => each.size > LARGEST);
    if (large) { say(words.large.replace("{name}", large.name)); return; }
    if ([...files, ...some].reduce((sum, each) => sum + each.size, 0) > LARGEST) { say(words.together); return; }
    say(""); pick([...files, ...some]); text.focus();
  }
  picker.addEventListener("change", () => { add([...picker.files]); picker.value = ""; });
  document.addEventListener("paste", (event) => {
    const some = [...(event.clipboardData ? event.clipboardData.files : [])];
    if (some.length) { event.preventDefault(); add(some); }
  });
  document.addEventListener("dragover", (event) => { event.preventDefault(); composer.classList.add("over"); });
  document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) composer.classList.remove("over"); });
  document.addEventListener("drop", (event) => {
    event.preventDefault(); composer.classList.remove("over");
    if (event.dataTransfer && event.dataTransfer.files.length) add([...event.dataTransfer.files]);
  });

  // cards, menus and chips

  document.addEventListener("click", (event) => {
    const at = event.target;
    const chip = at.closest("[data-fill]");
    if (chip && !event.ctrlKey && !event.metaKey) { event.preventDefault(); text.value = chip.textContent; grow(); text.focus(); }
    if (at.closest("[data-close]")) shut(at.closest("details"));
    const adding = at.closest("[data-add-line]");
    if (adding) {
      const set = adding.closest(".lineset"), line = set.querySelector("template").content.firstElementChild.cloneNode(true);
      const number = String(100 + set.querySelectorAll("[data-line]").length + Math.floor(Math.random() * 800));
      for (const each of line.querySelectorAll("[name]")) { each.name = each.name.replace(/^l\.\d+\./, `l.${number}.`); const id = `${each.id}-${number}`; const label = line.querySelector(`label[for="${each.id}"]`); if (label) label.htmlFor = id; each.id = id; }
      set.querySelector(".linelist").append(line);
      line.querySelector("input, select, textarea").focus();
    }
    const removing = at.closest("[data-remove-line]");
    if (removing) { const set = removing.closest(".lineset"); removing.closest("[data-line]").remove(); set.querySelector("[data-add-line]").focus(); }
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(at)) menu.open = false;
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("details.ask") || !event.target.open) return;
    const first = event.target.querySelector("form input:not([type=hidden]), form select, form textarea");
    if (first) first.focus();
    event.target.scrollIntoView({ block: "nearest" });
  }, true);
  function shut(details) { if (details) { details.open = false; details.querySelector("summary").focus(); } }
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") shut((document.activeElement && document.activeElement.closest("details[open]")) || document.querySelector("details.menu[open]"));
  });
  newer.addEventListener("click", () => { toEnd(); text.focus(); });
  scroll.addEventListener("scroll", () => { if (atEnd()) newer.hidden = true; });

  toEnd(); grow(); connect();
  if (matchMedia("(hover: hover)").matches || text.value) text.focus();
})();
