// Reads values off the figures, highlights scenarios, and shows a figure in other terms. The page is whole without it.
"use strict";
(() => {
  const PIXELS = 1600; // width of a figure in the pixels of its readings

  // One scenario before the others, in all figures.
  const picks = [...document.querySelectorAll("[data-pick]")];
  let picked = null;
  const has = (mark, role) => mark.dataset.of.split(" ").includes(role);
  const pick = role => {
    picked = role === picked ? null : role;
    for (const button of picks) button.setAttribute("aria-pressed", button.dataset.pick === picked);
    for (const mark of document.querySelectorAll(".card [data-of]")) {
      const mine = picked !== null && has(mark, picked);
      mark.classList.toggle("off", picked !== null && !mine);
      if (mark.classList.contains("hid")) mark.setAttribute("visibility", mine ? "visible" : "hidden");
    }
  };
  if (picks.length > 1) {
    document.querySelector(".pick").hidden = false;
    for (const button of picks) button.addEventListener("click", () => pick(button.dataset.pick));
    document.addEventListener("keydown", event => { if (event.key === "Escape" && picked !== null) pick(picked); });
    document.addEventListener("click", event => {
      const mark = event.target.closest(".card [data-of]");
      if (mark) pick(mark.dataset.of.split(" ")[0]);
    });
  }

  // Values under the pointer, or under the arrow keys.
  const tip = document.createElement("div");
  tip.className = "tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  document.body.append(tip);
  const ink = of => of.length ? picks[of[0]]?.style.getPropertyValue("--ink") ?? "" : "";
  const row = (of, name, value) => {
    const line = document.createElement("div"), key = document.createElement("i"), number = document.createElement("b");
    key.style.background = ink(of);
    number.textContent = value;
    line.append(...(of.length && ink(of) ? [key] : []), `${name} `, number);
    return line;
  };
  const nearest = (places, x) => {
    let best = 0;
    places.forEach((place, n) => { if (Math.abs(place - x) < Math.abs(places[best] - x)) best = n; });
    return best;
  };
  const show = (card, rows, x, y) => {
    const picture = card.querySelector("svg").getBoundingClientRect(), scale = picture.width / PIXELS;
    tip.replaceChildren(...rows);
    tip.hidden = false;
    const [left, top] = [picture.left + x * scale, picture.top + y * scale];
    const room = document.documentElement.clientWidth - tip.offsetWidth - 12;
    const beside = left + 16 <= room ? left + 16 : Math.max(8, left - tip.offsetWidth - 16);
    tip.style.left = `${beside + scrollX}px`;
    tip.style.top = `${Math.max(8, top - tip.offsetHeight / 2) + scrollY}px`;
  };
  const mark = (card, line) => {
    card.querySelector(".reading")?.remove();
    if (!line) return;
    const svg = card.querySelector("svg"), [, , width] = svg.getAttribute("viewBox").split(" ").map(Number);
    const rule = document.createElementNS(svg.namespaceURI, "line"), scale = width / PIXELS;
    rule.classList.add("reading");
    for (const name of ["x1", "y1", "x2", "y2"]) rule.setAttribute(name, line[name] * scale);
    svg.append(rule);
  };
  const hide = card => { tip.hidden = true; mark(card, null); };
  const read = (card, readings, x, y) => {
    const plot = readings.curves.find(({ area: [left, top, right, bottom] }) =>
      x >= left - 8 && x <= right + 8 && y >= top - 8 && y <= bottom + 8);
    const near = readings.spots.map(spot => [Math.hypot(spot.at[0] - x, spot.at[1] - y), spot]).sort((a, b) => a[0] - b[0])[0];
    if (near && near[0] < (plot ? 14 : 90)) {
      const [, spot] = near;
      mark(card, null);
      return show(card, [row(spot.of, spot.name, spot.value)], spot.at[0], spot.at[1]);
    }
    if (!plot || !plot.x.length) return hide(card);
    const n = nearest(plot.x, x), head = document.createElement("div");
    head.textContent = plot.at[n];
    const lines = plot.lines.filter(line => line.y[n] !== null).sort((a, b) => a.y[n] - b.y[n]);
    mark(card, { x1: plot.x[n], x2: plot.x[n], y1: plot.area[1], y2: plot.area[3] });
    show(card, [head, ...lines.map(line => row(line.of, line.name, line.value[n]))], plot.x[n], y);
    return n;
  };
  for (const card of document.querySelectorAll(".card[data-readings]")) {
    const readings = JSON.parse(card.dataset.readings), svg = card.querySelector("svg");
    card.addEventListener("pointermove", event => {
      const picture = svg.getBoundingClientRect(), scale = picture.width / PIXELS;
      read(card, readings, (event.clientX - picture.left) / scale, (event.clientY - picture.top) / scale);
    });
    card.addEventListener("pointerleave", () => hide(card));
    card.addEventListener("blur", () => hide(card));
    let step = -1;
    const plot = readings.curves[0], stops = plot ? plot.x.length : readings.spots.length;
    card.addEventListener("keydown", event => {
      const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!by || !stops) return;
      event.preventDefault();
      step = Math.min(stops - 1, Math.max(0, step + by * (plot && event.shiftKey ? 10 : 1)));
      const at = plot ? [plot.x[step], (plot.area[1] + plot.area[3]) / 2] : readings.spots[step].at;
      read(card, readings, at[0], at[1]);
    });
  }

  // A figure in other terms: buttons instead of folds.
  for (const figure of document.querySelectorAll("figure")) {
    const folds = [...figure.querySelectorAll("details.view")];
    if (!folds.length) continue;
    const cards = [...figure.querySelectorAll(".card")];
    const bar = document.createElement("div");
    bar.className = "views";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Seen as");
    const names = [figure.dataset.terms, ...folds.map(fold => fold.querySelector("summary").textContent.replace("The same, ", ""))];
    const choose = n => {
      cards.forEach((card, c) => { card.hidden = c !== n; });
      folds.forEach((fold, f) => { fold.open = f === n - 1; fold.hidden = f !== n - 1; });
      [...bar.children].forEach((button, b) => button.setAttribute("aria-pressed", b === n));
    };
    names.forEach((name, n) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = name;
      button.addEventListener("click", () => choose(n));
      bar.append(button);
    });
    cards[0].before(bar);
    for (const fold of folds) fold.querySelector("summary").hidden = true;
    choose(0);
  }
})();
