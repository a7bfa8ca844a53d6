"use strict";
// One script for the map page (all days in the page) and for the workbench (days asked for).
// Names and sentences come from reports: they only ever become text, never markup.
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const base = JSON.parse(document.getElementById("basemap").textContent);
  const live = data.mode === "live";
  const SURE = 0.8, EVEN = 0.55, LEAST = 0.01, KEPT = 200;
  const SVG = "http://www.w3.org/2000/svg";
  const $ = (id) => document.getElementById(id);
  const element = (tag, text, cls) => {
    const e = document.createElement(tag);
    if (text !== undefined && text !== null) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };
  const drawn = (tag, attributes, ...children) => {
    const e = document.createElementNS(SVG, tag);
    for (const [k, v] of Object.entries(attributes)) e.setAttribute(k, v);
    e.append(...children);
    return e;
  };
  const named = (text) => element("bdi", text);
  const percent = (p) => (p > 0.99 ? ">99%" : p < 0.01 ? "<1%" : Math.round(100 * p) + "%");
  const many = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const placeName = (id) => (data.places[id] ? data.places[id].name : id);
  const who = (id) => data.actors[id] || { name: id, colour: "#777777", dotted: false };
  const actorName = (odds) => odds.name || who(odds.who).name;

  // ------------------------------------------------------------------ fills
  // Full colour: at least very likely or likely above 80 %. Broad stripes: more likely than not.
  // Thin stripes: no better than even. The second nine holders have dots, and stripes the other way.
  const defs = drawn("defs", {});
  const holder = drawn("svg", { width: 0, height: 0, "aria-hidden": "true", focusable: "false" }, defs);
  document.body.append(holder);
  holder.style.position = "absolute";
  const made = new Set();
  function pattern(key, size, turn, ...inside) {
    if (!made.has(key)) {
      made.add(key);
      const attributes = { id: key, width: size, height: size, patternUnits: "userSpaceOnUse" };
      if (turn) attributes.patternTransform = `rotate(${turn})`;
      defs.append(drawn("pattern", attributes, ...inside));
    }
    return `url(#${key})`;
  }
  const slot = new Map(Object.keys(data.actors).map((id, i) => [id, i]));
  function fillOf(id, p) {
    if (!slot.has(id)) slot.set(id, slot.size);
    const actor = who(id), key = slot.get(id);
    if (id === "contested") {
      return pattern("f-contested", 5, 45,
        drawn("rect", { width: 5, height: 5, fill: "#fff" }),
        drawn("path", { d: "M0 0H5M0 0V5", stroke: actor.colour, "stroke-width": 3 }));
    }
    if (p >= SURE) {
      if (!actor.dotted) return actor.colour;
      return pattern(`f-dots-${key}`, 4, 0,
        drawn("rect", { width: 4, height: 4, fill: actor.colour }),
        drawn("circle", { cx: 2, cy: 2, r: 1.1, fill: "#fff" }));
    }
    const width = p >= EVEN ? 3 : 1.5, turn = actor.dotted ? -45 : 45;
    return pattern(`f-${p >= EVEN ? "likely" : "even"}-${key}`, 5, turn,
      drawn("rect", { width: 5, height: 5, fill: "#fff" }),
      drawn("rect", { width, height: 5, fill: actor.colour }));
  }

  // ------------------------------------------------------------------ map
  const map = L.map("map", { zoomSnap: 0.25, minZoom: 3, attributionControl: false });
  if (data.view) map.fitBounds(data.view, { padding: [16, 16] }); else map.setView([34, 40], 6);
  L.control.attribution({ prefix: "Leaflet" }).addAttribution("Natural Earth; GeoNames CC BY 4.0").addTo(map);
  const still = { interactive: false };
  L.geoJSON(base.land, { ...still, style: { color: "#b9b4a6", weight: 0.5, fillColor: "#f6f4ee", fillOpacity: 1 } }).addTo(map);
  L.geoJSON(base.admin1, { ...still, style: { color: "#cfc9ba", weight: 0.7, dashArray: "3 3", fill: false } }).addTo(map);
  L.geoJSON(base.rivers, { ...still, style: { color: "#9dbfd6", weight: 1.4, fill: false } }).addTo(map);
  L.geoJSON(base.countries, { ...still, style: { color: "#8f897b", weight: 1.3, fill: false } }).addTo(map);

  const at = (id) => { const p = data.places[id]; return p ? [p.lat, p.lon] : null; };
  for (const road of data.roads) {
    const a = at(road.from), b = at(road.to);
    if (a && b) L.polyline([a, b], { ...still, color: "#a99f88", weight: road.class === "motorway" ? 2 : 1.1, dashArray: road.class === "track" ? "2 5" : null, opacity: 0.8 }).addTo(map);
  }
  for (const [name, height] of [["route", 430], ["spots", 450], ["labels", 620]]) map.createPane(name).style.zIndex = height;
  const routeLayer = L.layerGroup().addTo(map);
  const labels = map.getPane("labels");
  labels.style.pointerEvents = "none";
  labels.setAttribute("aria-hidden", "true");

  const Diamond = L.CircleMarker.extend({
    _updatePath() {
      const { x, y } = this._point, r = this._radius * 1.3;
      this._renderer._setPath(this, `M${x} ${y - r}L${x + r} ${y}L${x} ${y + r}L${x - r} ${y}Z`);
    },
  });

  let frame = null, chosen = null, asked = 0, reachable = null;
  const spots = new Map();
  const scale = () => (map.getZoom() < 5 ? 0.55 : map.getZoom() < 5.75 ? 0.75 : 1);
  const size = (p) => scale() * (p.kind === "crossing" ? 5 : p.people > 500000 ? 8 : p.people > 100000 ? 6.5 : 5);
  const inOrder = Object.entries(data.places).sort((a, b) => size(b[1]) - size(a[1]));
  for (const [id, place] of inOrder) {
    const Shape = place.kind === "crossing" ? Diamond : L.CircleMarker;
    const mark = new Shape([place.lat, place.lon], { radius: size(place), weight: 1.2, className: "spot", pane: "spots" });
    mark.bindTooltip(() => element("span", spoken(id)), { direction: "top", sticky: true });
    mark.on("click", () => choose(id));
    mark.addTo(map);
    const path = mark.getElement();
    path.dataset.place = id;
    path.setAttribute("role", "button");
    path.setAttribute("tabindex", "-1");
    path.addEventListener("keydown", (e) => onKey(e, id));
    spots.set(id, mark);
  }

  function spoken(id) {
    const says = frame && frame.held[id], place = data.places[id];
    const kind = place.kind === "crossing" ? " (crossing)" : "";
    if (!says || !says.best) return `${place.name}${kind}: not known`;
    const first = says.odds[0];
    return `${place.name}${kind}: ${actorName(first)}, ${says.word} (${percent(first.p)})`;
  }

  function drawPlaces() {
    const weakest = new Set(frame.corridor ? frame.corridor.weakest.slice(0, 3).map((w) => w.place) : []);
    for (const [id, mark] of spots) {
      const place = data.places[id], says = frame.held[id];
      const known = says && says.best, p = known ? says.odds[0].p : 0;
      mark.setStyle({
        color: weakest.has(id) ? "#b00020" : known ? "#222" : "#777",
        weight: weakest.has(id) ? 3 : 1.2,
        dashArray: known && !place.vague ? null : "2 2",
        fillColor: known ? fillOf(says.best, p) : "#fff",
        fillOpacity: known ? 1 : 0.4,
      });
      const path = mark.getElement();
      path.setAttribute("aria-label", spoken(id) + (weakest.has(id) ? "; one of the road's weakest points" : ""));
      path.dataset.sure = known ? (p >= SURE ? "likely" : p >= EVEN ? "rather" : "even") : "unknown";
      emphasise(id);
    }
    if (!reachable) reach(chosen || (frame.corridor && frame.corridor.ends[0]) || inOrder[0]?.[0], false);
  }

  function emphasise(id) {
    const mark = spots.get(id);
    mark.getElement().classList.toggle("chosen", id === chosen);
    mark.setRadius(size(data.places[id]) + (id === chosen ? 3 : 0));
  }

  // One place is in the tab order; arrow keys go to the nearest in their direction.
  function reach(id, focus) {
    if (!spots.has(id)) return;
    if (reachable) spots.get(reachable).getElement().setAttribute("tabindex", "-1");
    reachable = id;
    const path = spots.get(id).getElement();
    path.setAttribute("tabindex", "0");
    if (focus) {
      map.panInside(at(id), { padding: [60, 60], animate: false });
      path.focus({ preventScroll: true });
    }
  }

  const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
  function onKey(e, id) {
    if (e.key === "Enter" || e.key === " ") {
      e.preventDefault();
      choose(id).then(() => $("panel").focus());
    } else if (WAYS[e.key]) {
      const [dx, dy] = WAYS[e.key], from = map.latLngToContainerPoint(at(id));
      let best = null, least = Infinity;
      for (const other of spots.keys()) {
        const to = map.latLngToContainerPoint(at(other));
        const ahead = (to.x - from.x) * dx + (to.y - from.y) * dy;
        const aside = Math.abs((to.x - from.x) * dy) + Math.abs((to.y - from.y) * dx);
        if (other !== id && ahead > 0.5 && aside <= 2 * ahead && ahead + 2 * aside < least) { least = ahead + 2 * aside; best = other; }
      }
      e.preventDefault();
      if (best) reach(best, true);
    } else return;
    e.stopPropagation();
  }

  // ------------------------------------------------------------------ labels
  const pen = document.createElement("canvas").getContext("2d");
  const widths = new Map();
  function widthOf(text, strong) {
    const key = (strong ? "b" : "n") + text;
    if (!widths.has(key)) {
      pen.font = `${strong ? 700 : 400} 12px ${getComputedStyle(document.body).fontFamily}`;
      widths.set(key, Math.ceil(pen.measureText(text).width) + 2);
    }
    return widths.get(key);
  }

  const provinces = new Map();
  for (const { properties, geometry } of base.admin1.features) {
    const code = properties.iso.slice(0, 2);
    const shapes = geometry.type === "Polygon" ? [geometry.coordinates] : geometry.coordinates;
    provinces.set(code, [...(provinces.get(code) || []), ...shapes.map((rings) => rings[0])]);
  }
  const within = (ring, lon, lat) => {
    let odd = false;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [x, y] = ring[i], [u, v] = ring[j];
      if (y > lat !== v > lat && lon < ((u - x) * (lat - y)) / (v - y) + x) odd = !odd;
    }
    return odd;
  };
  function onGround(code, [left, top, right, bottom]) {
    const rings = provinces.get(code);
    if (!rings) return true;
    return [left, (left + right) / 2, right].every((x) => {
      const { lat, lng } = map.layerPointToLatLng([x, (top + bottom) / 2]);
      return rings.some((ring) => within(ring, lng, lat));
    });
  }
  const AROUND = [0, -24, 24, -48, 48, -80, 80].flatMap((dy) => [0, -40, 40, -80, 80].map((dx) => [dx, dy]));

  function drawLabels() {
    if (!frame) return;
    labels.replaceChildren();
    const c = frame.corridor, strong = new Set(c ? [...c.ends, ...c.weakest.slice(0, 3).map((w) => w.place)] : []);
    if (chosen) strong.add(chosen);
    const onRoute = new Set(c ? c.route.map((s) => s.place) : []);
    const rank = ([id, p]) => (id === chosen ? 4e9 : 0) + (strong.has(id) ? 2e9 : 0) + (onRoute.has(id) ? 1e6 : 0) + p.people;
    const bounds = map.getBounds().pad(0.05), taken = [], marks = [], H = 14;
    const corner = map.containerPointToLayerPoint([0, 0]), room = map.getSize();
    const inside = (b) => b[0] >= corner.x + 2 && b[1] >= corner.y && b[2] <= corner.x + room.x - 2 && b[3] <= corner.y + room.y;
    const clash = (b, others) => others.some((t) => b[0] < t[2] && b[2] > t[0] && b[1] < t[3] && b[3] > t[1]);
    const wanted = Object.entries(data.places).filter(([, p]) => bounds.contains([p.lat, p.lon])).sort((a, b) => rank(b) - rank(a));
    for (const [id, p] of wanted) {
      const { x, y } = map.latLngToLayerPoint([p.lat, p.lon]), r = size(p);
      marks.push([x - r, y - r, x + r, y + r]);
    }
    const least = map.getZoom() >= 9 ? -1 : map.getZoom() >= 7.5 ? 20000 : map.getZoom() >= 6.5 ? 60000 : 250000;
    for (const [id, p] of wanted) {
      const heavy = strong.has(id);
      if (!heavy && p.people <= least && !(onRoute.has(id) && map.getZoom() >= 6.5)) continue;
      const { x, y } = map.latLngToLayerPoint([p.lat, p.lon]), r = size(p) + 3, w = widthOf(p.name, heavy);
      const tries = [[x + r, y - H / 2], [x - r - w, y - H / 2], [x - w / 2, y - r - H], [x - w / 2, y + r], [x + r - 2, y - r - H + 4], [x + r - 2, y + r - 4], [x - r - w + 2, y - r - H + 4], [x - r - w + 2, y + r - 4]];
      const fits = (others) => ([l, t]) => { const b = [l, t, l + w, t + H]; return inside(b) && !clash(b, others); };
      // The road's own places are named even where that covers a mark; no name covers a name.
      const spot = tries.find(fits([...taken, ...marks])) || (heavy ? tries.find(fits(taken)) : null);
      if (!spot) continue;
      taken.push([spot[0] - 1, spot[1], spot[0] + w + 1, spot[1] + H]);
      const label = element("div", p.name, heavy ? "label strong" : "label");
      label.dir = "auto";
      label.style.left = `${Math.round(spot[0])}px`;
      label.style.top = `${Math.round(spot[1])}px`;
      labels.append(label);
    }
    // Countries last: only where there is room, and all of the name on the country's own ground.
    taken.push([corner.x, corner.y, corner.x + 50, corner.y + 80]);
    for (const c of data.countries.filter((k) => bounds.contains([k.lat, k.lon]))) {
      const { x, y } = map.latLngToLayerPoint([c.lat, c.lon]), w = widthOf(c.name.toUpperCase(), true) * 1.25;
      const tries = provinces.has(c.code) ? AROUND : [[0, 0]];
      const box = ([dx, dy]) => [x - w / 2 + dx, y - H / 2 + dy, x + w / 2 + dx, y + H / 2 + 2 + dy];
      const free = tries.find((d) => inside(box(d)) && !clash(box(d), [...taken, ...marks]) && onGround(c.code, box(d)));
      if (!free) continue;
      taken.push(box(free));
      const label = element("div", c.name, "label country");
      label.style.left = `${Math.round(box(free)[0])}px`;
      label.style.top = `${Math.round(box(free)[1])}px`;
      labels.append(label);
    }
  }

  // ------------------------------------------------------------------ route, verdict, key
  function drawRoute() {
    routeLayer.clearLayers();
    const c = frame.corridor;
    if (!c) return;
    const line = c.route.map((s) => at(s.place)).filter(Boolean);
    if (line.length < 2) return;
    L.polyline(line, { ...still, color: "#fff", weight: 7, opacity: 0.9, pane: "route" }).addTo(routeLayer);
    L.polyline(line, { ...still, color: "#14161a", weight: 4, opacity: c.status === "open" ? 0.95 : 0.55, dashArray: c.status === "open" ? null : "3 8", pane: "route" }).addTo(routeLayer);
  }

  function swatch(fill, options = {}) {
    const shape = options.diamond
      ? drawn("path", { d: "M8 1.5L14.5 8L8 14.5L1.5 8Z" }) : drawn("circle", { cx: 8, cy: 8, r: 6.5 });
    shape.setAttribute("fill", fill);
    shape.setAttribute("stroke", options.edge || "#222");
    shape.setAttribute("stroke-width", options.width || 1.2);
    if (options.dashed) shape.setAttribute("stroke-dasharray", "2 2");
    return drawn("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, shape);
  }

  function drawLegend() {
    const legend = $("legend"), seen = new Map();
    for (const h of Object.values(frame.held)) if (h.best) seen.set(h.best, actorName(h.odds[0]));
    const item = (mark, ...text) => { const e = element("span"); e.append(mark, ...text); return e; };
    const rows = [...slot.keys()].filter((id) => seen.has(id)).map((id) => item(swatch(fillOf(id, 1)), named(seen.get(id))));
    const grey = pattern("f-key", 5, 45, drawn("rect", { width: 5, height: 5, fill: "#fff" }), drawn("rect", { width: 3, height: 5, fill: "#777" }));
    const thin = pattern("f-key-thin", 5, 45, drawn("rect", { width: 5, height: 5, fill: "#fff" }), drawn("rect", { width: 1.5, height: 5, fill: "#777" }));
    rows.push(
      item(swatch("#777"), "80% or more"), item(swatch(grey), "55% to 80%"), item(swatch(thin), "below 55%"),
      item(swatch("#fff", { edge: "#777", dashed: true }), "not known: no claim"),
      item(swatch("#fff", { diamond: true }), "crossing"));
    if (frame.corridor) {
      const line = drawn("svg", { viewBox: "0 0 16 16", "aria-hidden": "true" }, drawn("path", { d: "M0 8H16", stroke: "#14161a", "stroke-width": 3.5 }));
      rows.push(item(swatch("#fff", { edge: "#b00020", width: 3 }), "weakest points of the road"), item(line, "likeliest route (broken line: not open)"));
    }
    legend.replaceChildren(...rows);
  }

  function drawVerdict() {
    const v = $("verdict"), c = frame.corridor;
    v.replaceChildren();
    if (!c) return;
    v.append(element("b", c.status, `status ${c.status}`), " " + c.says);
  }

  // ------------------------------------------------------------------ panel
  function bar(p, name, fill, note) {
    const row = element("div", null, "bar"), right = element("span"), line = element("i"), small = element("small");
    line.style.width = 100 * p + "%";
    line.style.background = fill;
    small.append(named(name), note || "");
    right.append(small, line);
    row.append(element("span", percent(p)), right);
    return row;
  }

  function spread(range) {
    if (!range) return "";
    const [low, high] = range.map(percent);
    return low === high ? "" : `, 90 % interval ${low} to ${high}`;
  }

  function toPlace(id, name) {
    if (!data.places[id]) return named(name || id);
    const b = element("button", null, "place");
    b.type = "button";
    b.append(named(name || placeName(id)));
    b.addEventListener("click", () => { map.panInside(at(id), { padding: [60, 60] }); choose(id).then(() => $("panel").focus()); });
    return b;
  }

  function sentences(because, total, weighed) {
    const list = element("ul", null, "because");
    for (const told of because || []) {
      const b = Array.isArray(told) ? { ...data.claims[told[0]], id: told[0], weight: told[1] } : told;
      const item = element("li");
      if (b.quote) {
        const q = element("blockquote");
        q.dir = "auto";
        q.append("\u201c", b.head || "", element("mark", b.quote), b.tail || "", "\u201d");
        item.append(q);
      } else item.append(element("span", b.says));
      const from = element("span", null, "from");
      if (b.speaker) from.append("said ", named(b.speaker), "; ");
      from.append(named(b.source), `, ${b.published || "undated"}: `, named(b.title), `; ${b.modality}`);
      const points = Math.round(100 * Math.abs(b.weight));
      if (weighed && points) from.append(`; speaks ${b.weight > 0 ? "for" : "against"} it by ${many(points, "point")}`);
      from.append(`; ${b.id}`);
      item.append(from);
      list.append(item);
    }
    const shown = list.childElementCount, out = [];
    if (shown) out.push(element("h3", total > shown ? `Sentences (${shown} of ${many(total, "claim")})` : "Sentences"), list);
    return out;
  }

  const asKnown = () => element("p", `On ${frame.on}, as known on ${frame.as_of}`, "when");

  function tellPlace(id, says) {
    const panel = $("panel"), place = data.places[id], parts = [];
    if (frame.corridor) {
      const back = element("button", "\u2190 the road", "road");
      back.type = "button";
      back.addEventListener("click", () => { choose(null); panel.focus(); });
      parts.push(back);
    }
    const head = element("h2", place.name);
    head.dir = "auto";
    parts.push(head, asKnown());
    if (!says || !says.best) {
      parts.push(element("p", `Not known. No claim about this place had been published by ${frame.as_of}.`, "none"));
    } else {
      parts.push(element("p", `${actorName(says.odds[0])}: ${says.word}; ${says.confidence} confidence in the evidence: ${many(says.claims, "claim")} from ${many(says.sources, "source")}.`));
      const [seen, slight] = [says.odds.filter((o) => o.p >= LEAST), says.odds.filter((o) => o.p < LEAST)];
      for (const o of seen) parts.push(bar(o.p, actorName(o), who(o.who).colour, spread(o.range)));
      if (slight.length) {
        const rest = element("p", "Below 1%: ", "hint");
        slight.forEach((o, i) => rest.append(i ? ", " : "", named(actorName(o))));
        parts.push(rest);
      }
      const told = sentences(says.because, says.claims, true);
      parts.push(...(told.length ? told : [element("p", "No sentence speaks of this place alone; the odds come from the places and days around.", "none")]));
    }
    panel.replaceChildren(...parts);
    panel.dataset.place = id;
    panel.dataset.on = frame.on;
  }

  function tellRoad() {
    const panel = $("panel"), c = frame.corridor;
    delete panel.dataset.place;
    panel.dataset.on = frame.on;
    if (!c) { panel.replaceChildren(element("p", "Click a place for its odds and the sentences behind them.", "hint")); return; }
    const parts = [element("h2", c.road), asKnown()];
    const status = element("p");
    status.append(element("b", c.status, `status ${c.status}`), ` for ${c.traveller}; ${many(c.claims, "claim")} from ${many(c.sources, "source")}.`);
    parts.push(status);
    if (c.status !== "unknown") for (const [k, p] of Object.entries(c.p)) parts.push(bar(p, k, "#5b6670"));
    else parts.push(element("p", c.says));
    const weak = new Set(c.weakest.map((w) => w.place));
    if (c.weakest.length) {
      const list = element("ol", null, "stops");
      for (const w of c.weakest) {
        const item = element("li");
        item.append(toPlace(w.place, w.name), element("span", `: passable ${percent(w.p)}; the road's odds hang on it by ${Math.round(100 * w.decides)} points`));
        list.append(item);
      }
      parts.push(element("h3", "Weakest points"), list);
    }
    if (c.route.length) {
      const list = element("ol", null, "stops");
      for (const s of c.route) {
        const item = element("li", null, weak.has(s.place) ? "weak" : null), held = element("span");
        held.append(": ", s.held_by ? named(s.held_by) : "holder not known", `, passable ${percent(s.p)}`);
        item.append(toPlace(s.place, s.name), held);
        list.append(item);
      }
      parts.push(element("h3", `Likeliest route, ${c.km} km, about ${Math.round(c.hours)} h`), list);
    }
    if (c.assumptions.length) {
      const list = element("ul", null, "plain");
      for (const a of c.assumptions) list.append(element("li", a));
      parts.push(element("h3", "Rests on these assumptions"), list);
    }
    parts.push(...sentences(c.because, c.claims, false), element("p", `Rule: ${c.rule}.`, "hint"));
    panel.replaceChildren(...parts);
  }

  const keep = () => {
    const p = new URLSearchParams();
    if (frame) p.set("on", frame.on);
    if (chosen) p.set("place", chosen);
    history.replaceState(null, "", "#" + p);
  };

  async function answer(url) {
    const reply = await fetch(url);
    const body = await reply.json();
    if (!reply.ok) throw new Error(typeof body.detail === "string" ? body.detail : reply.statusText);
    return body;
  }

  async function choose(id) {
    if (id && !data.places[id]) return;
    const before = chosen;
    chosen = id;
    keep();
    for (const one of [before, id]) if (one && spots.has(one)) emphasise(one);
    if (before !== id) drawLabels();
    const mine = ++asked;
    if (!id) { tellRoad(); return; }
    reach(id, false);
    if (!live) { tellPlace(id, frame.held[id]); return; }
    try {
      const says = await answer(`api/control/${encodeURIComponent(id)}?on=${frame.on}`);
      if (mine === asked) tellPlace(id, says);
    } catch (e) {
      if (mine === asked) $("panel").replaceChildren(element("p", "No answer: " + e.message, "none"));
    }
  }

  // ------------------------------------------------------------------ days
  function show(next) {
    frame = next;
    $("on").textContent = `${live ? "" : frame.on + ", "}as known on ${frame.as_of}`;
    $("day").value = frame.on;
    $("slider").setAttribute("aria-valuetext", frame.on);
    drawRoute(); drawPlaces(); drawLabels(); drawLegend(); drawVerdict();
    choose(chosen);
    document.body.dataset.ready = frame.on;
  }

  const slider = $("slider");
  const days = live ? data.days : data.frames.map((f) => f.on);
  slider.max = days.length - 1;
  if (days.length < 2) for (const id of ["slider", "back", "forth"]) $(id).hidden = true;
  // Promises, so that a day asked for ahead of time and then wanted is asked for once.
  const frames = new Map((data.frames || []).map((f) => [f.on, Promise.resolve(f)]));
  function fetched(day) {
    if (!frames.has(day)) {
      const asking = answer(`api/frame?on=${day}`);
      frames.set(day, asking);
      asking.catch(() => frames.delete(day));
      if (frames.size > KEPT) frames.delete(frames.keys().next().value);
    }
    return frames.get(day);
  }
  let wanted = null, fetching = false, last = -1;
  async function to(day) {
    wanted = day;
    $("day").value = day;
    slider.setAttribute("aria-valuetext", day);
    if (fetching) return;
    fetching = true;
    while (wanted) {
      const now = wanted;
      try {
        const got = await fetched(now);
        if (wanted === now) { wanted = null; show(got); }
      } catch (e) {
        if (wanted === now) { wanted = null; $("verdict").textContent = "No answer: " + e.message; }
      }
    }
    fetching = false;
    ahead();
  }
  // The next day the same way is the likeliest to be asked for.
  function ahead() {
    if (!live || !frame) return;
    const here = nearest(frame.on), next = days[here + (here >= last ? 1 : -1)];
    last = here;
    if (next) setTimeout(() => { if (!fetching) fetched(next).catch(() => {}); }, 30);
  }
  const nearest = (day) => { let i = 0; while (i + 1 < days.length && days[i + 1] <= day) i++; return i; };
  const step = (by) => {
    const here = frame ? frame.on : days[slider.value];
    let i = nearest(here);
    if (by > 0) i = Math.min(i + 1, days.length - 1); else if (days[i] === here) i = Math.max(i - 1, 0);
    slider.value = i;
    to(days[i]);
  };
  slider.addEventListener("input", () => to(days[slider.value]));
  $("back").addEventListener("click", () => step(-1));
  $("forth").addEventListener("click", () => step(1));
  if (live) {
    $("exact").hidden = false;
    $("day").min = days[0];
    $("day").max = days[days.length - 1];
    $("day").addEventListener("change", (e) => {
      if (!e.target.value || !e.target.validity.valid) return;
      slider.value = nearest(e.target.value);
      to(e.target.value);
    });
  }
  $("panel").addEventListener("keydown", (e) => { if (e.key === "Escape" && reachable) reach(reachable, true); });

  const byName = new Map();
  for (const [id, p] of Object.entries(data.places)) {
    byName.set(p.name.toLowerCase(), id);
    const o = element("option");
    o.value = p.name;
    $("names").append(o);
  }
  $("find").addEventListener("change", (e) => {
    const id = byName.get(e.target.value.trim().toLowerCase());
    e.target.setCustomValidity(id || !e.target.value ? "" : "No place of that name is on this map.");
    e.target.reportValidity();
    if (id) { map.setView(at(id), Math.max(map.getZoom(), 8)); choose(id); }
  });

  map.on("zoomstart", () => labels.replaceChildren());
  map.on("zoomend", () => { for (const id of spots.keys()) emphasise(id); });
  map.on("zoomend moveend resize", drawLabels);
  if (window.matchMedia("(max-width: 760px)").matches) $("key").open = false;
  const start = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  if (start.place && data.places[start.place]) chosen = start.place;
  let first = start.on || days[days.length - 1];
  if (live ? !(first >= days[0] && first <= days[days.length - 1]) : !days.includes(first)) first = days[days.length - 1];
  slider.value = nearest(first);
  if (days.length) to(first);
})();
