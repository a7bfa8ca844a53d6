"use strict";
// One script for the map page (all days in the page) and for the workbench (days asked for).
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const base = JSON.parse(document.getElementById("basemap").textContent);
  const live = data.mode === "live";
  // Paul Tol's qualitative schemes, which the colour-blind can tell apart.
  const PALETTE = ["#4477AA", "#CC3311", "#228833", "#CCBB44", "#66CCEE", "#AA3377", "#EE7733", "#009988", "#882255", "#999933", "#332288", "#DDCC77", "#117733", "#BBBBBB"];
  const CONTESTED = "#555555";
  const colours = new Map([["contested", CONTESTED]]);
  const names = new Map();
  const $ = (id) => document.getElementById(id);
  const colour = (who) => {
    const n = colours.size - 1;
    if (!colours.has(who)) colours.set(who, PALETTE[n] || `hsl(${Math.round(137.5 * n) % 360} 40% ${n % 2 ? 35 : 60}%)`);
    return colours.get(who);
  };
  for (const who of data.holders) colour(who);
  const many = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;
  const element = (tag, text, cls) => {
    const e = document.createElement(tag);
    if (text !== undefined && text !== null) e.textContent = text;
    if (cls) e.className = cls;
    return e;
  };
  const percent = (p) => (p > 0.99 ? ">99%" : p < 0.01 ? "<1%" : Math.round(100 * p) + "%");

  const map = L.map("map", { zoomSnap: 0.25, minZoom: 3, preferCanvas: false });
  map.attributionControl.setPrefix("Leaflet");
  map.attributionControl.addAttribution("Natural Earth; GeoNames CC BY 4.0");
  const still = { interactive: false };
  L.geoJSON(base.land, { ...still, style: { color: "#b9b4a6", weight: 0.5, fillColor: "#f6f4ee", fillOpacity: 1 } }).addTo(map);
  L.geoJSON(base.admin1, { ...still, style: { color: "#cfc9ba", weight: 0.7, dashArray: "3 3", fill: false } }).addTo(map);
  L.geoJSON(base.rivers, { ...still, style: { color: "#9dbfd6", weight: 1.4, fill: false } }).addTo(map);
  L.geoJSON(base.countries, { ...still, style: { color: "#8f897b", weight: 1.3, fill: false } }).addTo(map);

  const at = (id) => { const p = data.places[id]; return p ? [p.lat, p.lon] : null; };
  const roads = L.layerGroup().addTo(map);
  for (const road of data.roads) {
    const a = at(road.from), b = at(road.to);
    if (a && b) L.polyline([a, b], { ...still, color: "#a99f88", weight: road.class === "motorway" ? 2 : 1.1, dashArray: road.class === "track" ? "2 5" : null, opacity: 0.8 }).addTo(roads);
  }
  const routeLayer = L.layerGroup().addTo(map);
  const placeLayer = L.layerGroup().addTo(map);
  const held = new Map();
  let frame = null, chosen = null, asked = 0;

  const state = () => Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  const keep = () => {
    const p = new URLSearchParams();
    if (frame) p.set("on", frame.on);
    if (chosen) p.set("place", chosen);
    history.replaceState(null, "", "#" + p);
  };

  function drawPlaces() {
    placeLayer.clearLayers();
    held.clear();
    const weakest = new Set(frame.corridor ? frame.corridor.weakest.slice(0, 3) : []);
    for (const [id, place] of Object.entries(data.places)) {
      const says = frame.held[id];
      const known = says && says.best;
      const p = known ? says.odds[0].p : 0;
      const fill = known ? colour(says.best) : "none";
      const name = known ? says.odds[0].name : "not known";
      if (known) names.set(says.best, name);
      const title = `${place.name}: ${known ? `${says.word} ${name} (${percent(p)})` : "not known"}`;
      let mark;
      if (place.kind === "crossing") {
        const icon = L.divIcon({ className: "", iconSize: [13, 13], html: `<div class="crossing" style="width:11px;height:11px;background:${known ? fill : "#fff"};opacity:${known ? 0.35 + 0.65 * p : 0.8};${known ? "" : "border-style:dashed;border-color:#777"}"></div>` });
        mark = L.marker([place.lat, place.lon], { icon, alt: title, keyboard: true });
      } else {
        const big = place.people > 500000 ? 8 : place.people > 100000 ? 6.5 : 5;
        mark = L.circleMarker([place.lat, place.lon], { radius: big, color: known ? "#222" : "#777", weight: weakest.has(id) ? 3.5 : 1.2, dashArray: known && !place.vague ? null : "2 2", fillColor: known ? fill : "#fff", fillOpacity: known ? 0.25 + 0.75 * p : 0.35 });
      }
      mark.bindTooltip(title, { direction: "top", sticky: true });
      mark.on("click", () => choose(id));
      mark.addTo(placeLayer);
      if (mark._path) mark._path.setAttribute("data-place", id);
      held.set(id, mark);
      if (place.people > (map.getZoom() >= 7 ? (map.getZoom() >= 8 ? -1 : 60000) : 400000))
        L.marker([place.lat, place.lon], { interactive: false, icon: L.divIcon({ className: "", iconSize: [0, 0] }) })
          .bindTooltip(place.name, { permanent: true, direction: "right", offset: [6, 0], className: "name" }).addTo(placeLayer);
    }
  }

  function drawRoute() {
    routeLayer.clearLayers();
    const c = frame.corridor;
    if (!c) return;
    const line = c.route.map(at).filter(Boolean);
    if (line.length > 1) {
      L.polyline(line, { ...still, color: "#fff", weight: 7, opacity: 0.9 }).addTo(routeLayer);
      L.polyline(line, { ...still, color: "#14161a", weight: 4, opacity: c.status === "open" ? 0.95 : 0.55, dashArray: c.status === "open" ? null : "3 8" }).addTo(routeLayer);
    }
  }

  function drawLegend() {
    const legend = $("legend");
    legend.replaceChildren();
    const seen = new Set(Object.values(frame.held).map((h) => h.best).filter(Boolean));
    for (const who of [...seen].sort()) {
      const item = element("span");
      const dot = element("i");
      dot.style.background = colour(who);
      item.append(dot, names.get(who) || who);
      legend.append(item);
    }
    const none = element("span"), ring = element("i", null, "none");
    none.append(ring, "not known: no claim");
    legend.append(none, element("span", "paler: less likely; diamond: crossing"));
    if (frame.corridor) { const r = element("span"); r.append(element("i", null, "route"), "likeliest route (broken line: not open)"); legend.append(r); }
  }

  function drawVerdict() {
    const v = $("verdict");
    v.replaceChildren();
    if (!frame.corridor) return;
    v.append(element("b", frame.corridor.status, frame.corridor.status), " " + frame.corridor.says);
  }

  function fill(panel, id, says) {
    const place = data.places[id];
    panel.replaceChildren();
    const head = element("h2", place.name);
    head.dir = "auto";
    panel.append(head, element("p", `On ${frame.on}, as known on ${frame.as_of}`, "when"));
    if (!says || !says.best) {
      panel.append(element("p", "Not known. No claim about this place had been published by then.", "none"));
      return;
    }
    panel.append(element("p", `${says.odds[0].name}: ${says.word}; ${says.confidence} confidence in the evidence: ${many(says.claims, "claim")} from ${many(says.sources, "source")}.`));
    for (const o of says.odds.slice(0, 6)) {
      const row = element("div", null, "bar"), right = element("span");
      const line = element("i");
      line.style.width = 100 * o.p + "%";
      line.style.background = colour(o.who);
      right.append(element("small", o.name), line);
      row.append(element("span", percent(o.p)), right);
      panel.append(row);
    }
    const list = element("ul", null, "because");
    for (const b of says.because || []) {
      const item = element("li");
      if (b.quote) { const q = element("q", b.quote); q.dir = "auto"; item.append(q); } else item.append(element("span", b.says));
      const said = b.speaker ? `said ${b.speaker}; ` : "";
      item.append(element("span", `${said}${b.source}, ${b.published || "undated"}: ${b.title}; ${b.modality}${b.weight ? `; moves the odds by ${Math.round(100 * b.weight)} points` : ""}; ${b.id}`, "from"));
      list.append(item);
    }
    panel.append(list);
    if (!(says.because || []).length) panel.append(element("p", "No single sentence decides it; the odds come from the places and days around.", "none"));
  }

  async function choose(id) {
    if (!data.places[id]) return;
    chosen = id;
    keep();
    const panel = $("panel");
    if (live) {
      const mine = ++asked;
      panel.replaceChildren(element("p", "Asking...", "hint"));
      try {
        const reply = await fetch(`api/control/${encodeURIComponent(id)}?on=${frame.on}`);
        const says = await reply.json();
        if (mine !== asked) return;
        if (!reply.ok) throw new Error(says.detail || reply.statusText);
        fill(panel, id, says);
      } catch (e) { panel.replaceChildren(element("p", "No answer: " + e.message, "none")); }
    } else fill(panel, id, frame.held[id]);
    panel.dataset.place = id;
  }

  function show(next) {
    frame = next;
    $("on").textContent = `${frame.on}, as known on ${frame.as_of}`;
    for (const h of Object.values(frame.held)) if (h.best) colour(h.best);
    drawRoute(); drawPlaces(); drawLegend(); drawVerdict();
    if (chosen) choose(chosen); else keep();
    document.body.dataset.ready = frame.on;
  }

  const slider = $("slider");
  const days = live ? data.days : data.frames.map((f) => f.on);
  slider.max = days.length - 1;
  if (days.length < 2) for (const id of ["slider", "back", "forth"]) $(id).hidden = true;
  const frames = new Map((data.frames || []).map((f) => [f.on, f]));
  let wanted = null, fetching = false;
  async function to(day) {
    if (frames.has(day)) { show(frames.get(day)); return; }
    wanted = day;
    $("on").textContent = day;
    if (fetching) return;
    fetching = true;
    try {
      while (wanted) {
        const now = wanted;
        wanted = null;
        const reply = await fetch(`api/frame?on=${now}`);
        const body = await reply.json();
        if (!reply.ok) throw new Error(body.detail || reply.statusText);
        frames.set(now, body);
        if (!wanted) show(body);
      }
    } catch (e) { $("verdict").textContent = "No answer: " + e.message; }
    fetching = false;
  }
  slider.addEventListener("input", () => to(days[slider.value]));
  $("back").addEventListener("click", () => { slider.stepDown(); to(days[slider.value]); });
  $("forth").addEventListener("click", () => { slider.stepUp(); to(days[slider.value]); });
  const byName = new Map();
  for (const [id, p] of Object.entries(data.places)) {
    byName.set(p.name.toLowerCase(), id);
    const o = element("option"); o.value = p.name; $("names").append(o);
  }
  $("find").addEventListener("change", (e) => {
    const id = byName.get(e.target.value.trim().toLowerCase());
    if (id) { map.setView(at(id), Math.max(map.getZoom(), 8)); choose(id); }
  });

  const points = Object.values(data.places).map((p) => [p.lat, p.lon]);
  if (data.extent) map.fitBounds(data.extent); else if (points.length) map.fitBounds(points, { padding: [20, 20] }); else map.setView([34, 40], 6);
  map.on("zoomend", () => { if (frame) drawPlaces(); });
  const start = state();
  if (start.place) chosen = start.place;
  let first = days.indexOf(start.on);
  if (first < 0) first = days.length - 1;
  slider.value = first;
  if (days.length) to(days[first]);
})();
