// The map: drawn once onto a sheet larger than the window, which is moved about until it no longer fits.

/** Share of the window drawn beyond each of its sides. */
const MARGIN = 0.25;

function createMap(canvas, tell) {
  const face = canvas.getContext("2d"), sheet = document.createElement("canvas"), pen = sheet.getContext("2d");
  // Marks and labels lie on a sheet of their own, above the outline of what is selected.
  const cover = document.createElement("canvas"), ink = cover.getContext("2d");
  const layers = {
    communities: true, gridLines: true, atoms: false, isochrones: false, sites: true, candidates: false,
    streets: true, water: true, barriers: true, buildings: true, issues: true, problems: false, labels: true
  };
  const view = { x: 0, y: 0, k: 1 }, drawn = { x: 0, y: 0, k: 0, w: 0, h: 0, scale: 1 };
  let width = 0, height = 0, ratio = 1, classes = null, dirty = true, asked = false, timer = 0, hover = null;
  const times = { draw: 0, drawn: 0, blit: 0 };

  const extent = (function () {
    const all = bounds([SHAPES.communities, SHAPES.grids, SHAPES.atoms]);
    const known = isFinite(all[0]) ? all : bounds([SHAPES.sites]);
    return isFinite(known[0]) ? known : [-100, -100, 100, 100];
  })();
  function fitting() {
    return Math.min(width / Math.max(1, extent[2] - extent[0]), height / Math.max(1, extent[3] - extent[1])) * 0.93;
  }
  function fit() {
    view.x = (extent[0] + extent[2]) / 2; view.y = (extent[1] + extent[3]) / 2; view.k = fitting();
    refresh(true);
  }
  function hold() {
    view.k = Math.max(fitting() * 0.5, Math.min(20, view.k));
    view.x = Math.max(extent[0], Math.min(extent[2], view.x));
    view.y = Math.max(extent[1], Math.min(extent[3], view.y));
  }
  const toX = x => (x - view.x) * view.k + width / 2, toY = y => height / 2 - (y - view.y) * view.k;
  const fromX = x => (x - width / 2) / view.k + view.x, fromY = y => (height / 2 - y) / view.k + view.y;

  // Drawing of outlines. `to` is a pen with the frame { x, y, k, w, h } of its sheet in CSS pixels.
  let frame = drawn;
  function visible(shape, f) {
    const b = f * 4, box = shape.box, halfW = frame.w / 2 / frame.k, halfH = frame.h / 2 / frame.k;
    return box[b] <= frame.x + halfW && box[b + 2] >= frame.x - halfW && box[b + 1] <= frame.y + halfH && box[b + 3] >= frame.y - halfH;
  }
  /** Adds the paths of a feature to the pen, leaving out points nearer than most of a pixel to the last. */
  function trace(to, shape, f, closed) {
    const xy = shape.xy, k = frame.k, ox = frame.w / 2 - frame.x * k, oy = frame.h / 2 + frame.y * k;
    for (let p = shape.paths[f]; p < shape.paths[f + 1]; p++) {
      const from = shape.starts[p], end = shape.starts[p + 1];
      let lastX = xy[2 * from] * k + ox, lastY = oy - xy[2 * from + 1] * k;
      to.moveTo(lastX, lastY);
      for (let i = from + 1; i < end; i++) {
        const x = xy[2 * i] * k + ox, y = oy - xy[2 * i + 1] * k;
        if (Math.abs(x - lastX) + Math.abs(y - lastY) < 0.8 && i < end - 1) continue;
        to.lineTo(x, y);
        lastX = x; lastY = y;
      }
      if (closed) to.closePath();
    }
  }
  function fillAll(shape, which, style, seam) {
    pen.fillStyle = style;
    // Short batches: a path of thousands of rings is slow to fill.
    let batch = 0;
    const flush = function () {
      pen.fill("evenodd");
      if (seam) { pen.strokeStyle = style; pen.lineWidth = 0.7; pen.stroke(); }
      batch = 0;
    };
    pen.beginPath();
    for (let f = 0; f < shape.count; f++) {
      if (!which(f) || !visible(shape, f)) continue;
      trace(pen, shape, f, true);
      if (++batch >= 60) { flush(); pen.beginPath(); }
    }
    if (batch) flush();
  }
  function strokeAll(shape, style, lineWidth, closed, dash, which) {
    if (!shape) return;
    pen.strokeStyle = style; pen.lineWidth = lineWidth; pen.lineJoin = "round";
    pen.setLineDash(dash || []);
    let batch = 0;
    pen.beginPath();
    for (let f = 0; f < shape.count; f++) {
      if ((which && !which(f)) || !visible(shape, f)) continue;
      trace(pen, shape, f, closed);
      if (++batch >= 200) { pen.stroke(); pen.beginPath(); batch = 0; }
    }
    if (batch) pen.stroke();
    pen.setLineDash([]);
  }
  /** A small pattern: a hatch or dots over a ground. */
  function pattern(ground, mark, dots) {
    const tile = document.createElement("canvas"), size = 8;
    tile.width = tile.height = size * ratio;
    const p = tile.getContext("2d");
    p.scale(ratio, ratio);
    p.fillStyle = ground; p.fillRect(0, 0, size, size);
    if (dots) {
      p.fillStyle = mark;
      p.beginPath(); p.arc(2, 2, 0.9, 0, 7); p.arc(6, 6, 0.9, 0, 7); p.fill();
    } else {
      p.strokeStyle = mark; p.lineWidth = 0.8; p.globalAlpha = 0.75;
      p.beginPath();
      for (const d of [-size, 0, size]) { p.moveTo(d - 1, size + 1); p.lineTo(d + size + 1, -1); }
      p.stroke();
    }
    const made = pen.createPattern(tile, "repeat");
    // Pattern tiles are in device pixels; the pen is scaled already.
    if (made && made.setTransform && typeof DOMMatrix !== "undefined") made.setTransform(new DOMMatrix([1 / ratio, 0, 0, 1 / ratio, 0, 0]));
    return made || ground;
  }

  function render(scale, w, h) {
    ratio = scale;
    frame = drawn;
    drawn.x = view.x; drawn.y = view.y; drawn.k = view.k; drawn.scale = scale;
    drawn.w = Math.round(w); drawn.h = Math.round(h);
    sheet.width = Math.round(drawn.w * scale); sheet.height = Math.round(drawn.h * scale);
    pen.setTransform(scale, 0, 0, scale, 0, 0);
    pen.fillStyle = COLOUR.paper; pen.fillRect(0, 0, drawn.w, drawn.h);
    const context = SHAPES.context, near = view.k;
    if (SHAPES.communities.count) fillAll(SHAPES.communities, () => true, COLOUR.empty, false);
    if (STATE.fill === "grids") {
      for (let c = 0; c < COLOUR.grids.length; c++) fillAll(SHAPES.grids, g => GRIDS.colour[g] === c, COLOUR.grids[c], true);
    } else if (STATE.fill === "walk" && HAS_WALKS) {
      if (!classes) classes = walkClasses();
      const styles = COLOUR.walk.concat([pattern(COLOUR.gained, COLOUR.gainedDot, true), pattern(COLOUR.beyond, COLOUR.beyondHatch, false), COLOUR.empty]);
      for (let c = 5; c >= 0; c--) fillAll(SHAPES.atoms, a => classes[a] === c, styles[c], true);
    }
    if (layers.water && context.water) fillAll(context.water, () => true, COLOUR.water, false);
    if (layers.water) strokeAll(context.river, COLOUR.river, Math.max(1, Math.min(5, 8 * near)), false);
    if (layers.atoms && near > 0.02) strokeAll(SHAPES.atoms, "rgba(90,92,100,0.45)", 0.6, true);
    if (layers.buildings && context.building && near > 0.12) {
      pen.globalAlpha = 0.28; fillAll(context.building, () => true, COLOUR.building, false); pen.globalAlpha = 1;
    }
    if (layers.streets) {
      if (near > 0.06) strokeAll(context.street, "rgba(255,255,255,0.9)", Math.max(0.8, Math.min(7, 5 * near)), false);
      strokeAll(context.arterial, "rgba(130,126,118,0.55)", Math.max(1.6, Math.min(13, 13 * near)) + 1, false);
      strokeAll(context.arterial, COLOUR.street, Math.max(1.4, Math.min(12, 12 * near)), false);
    }
    if (layers.barriers) {
      if (near > 0.1) strokeAll(context.wall, COLOUR.wall, 1.1, false, [5, 2]);
      strokeAll(context.barrier, COLOUR.wall, 1.4, false, [5, 2]);
      strokeAll(context.railway, COLOUR.ink, 3, false);
      strokeAll(context.railway, COLOUR.paper, 1.6, false, [7, 7]);
    }
    if (layers.gridLines) strokeAll(SHAPES.grids, near > 0.05 ? COLOUR.gridLine : "rgba(118,118,128,0.6)", near > 0.05 ? 1.1 : 0.6, true);
    if (layers.communities) {
      strokeAll(SHAPES.communities, "rgba(255,255,255,0.75)", 3.6, true);
      strokeAll(SHAPES.communities, COLOUR.community, 1.7, true);
    }
    if (layers.isochrones && SHAPES.isochrones.count) {
      const dashes = [[], [8, 4], [2, 3]];
      const steps = Array.from(new Set(DATA.isochrones.minutes)).sort((a, b) => a - b);
      steps.forEach((m, i) => strokeAll(SHAPES.isochrones, COLOUR.isochrone, 1.3, true, dashes[i % 3], f => DATA.isochrones.minutes[f] === m));
    }
    cover.width = sheet.width; cover.height = sheet.height;
    ink.setTransform(scale, 0, 0, scale, 0, 0);
    marks();
    times.drawn += 1;
    dirty = false;
  }

  /** Sites, issues and labels, in order of weight; what finds no room is left out. */
  function marks() {
    const placed = [], cell = 64, cells = new Map();
    function claim(x, y, w, h, force) {
      const box = [x, y, x + w, y + h];
      const keys = [];
      for (let r = Math.floor(y / cell); r <= Math.floor((y + h) / cell); r++) {
        for (let c = Math.floor(x / cell); c <= Math.floor((x + w) / cell); c++) keys.push(r * 4096 + c);
      }
      if (!force) for (const key of keys) for (const o of cells.get(key) || []) {
        if (o[0] < box[2] && o[2] > box[0] && o[1] < box[3] && o[3] > box[1]) return false;
      }
      for (const key of keys) { if (cells.has(key)) cells.get(key).push(box); else cells.set(key, [box]); }
      if (!force) placed.push(box);
      return true;
    }
    const px = p => (p[0] - drawn.x) * drawn.k + drawn.w / 2, py = p => drawn.h / 2 - (p[1] - drawn.y) * drawn.k;
    const within = (x, y) => x > -40 && y > -40 && x < drawn.w + 40 && y < drawn.h + 40;
    function text(words, x, y, size, weight, colour) {
      ink.font = weight + " " + size + "px " + FONT;
      ink.textAlign = "center"; ink.textBaseline = "middle";
      ink.lineJoin = "round"; ink.lineWidth = 3; ink.strokeStyle = "rgba(255,255,255,0.9)";
      ink.strokeText(words, x, y); ink.fillStyle = colour; ink.fillText(words, x, y);
    }
    function label(words, x, y, size, weight, colour) {
      ink.font = weight + " " + size + "px " + FONT;
      const w = ink.measureText(words).width + 6;
      if (!claim(x - w / 2, y - size * 0.65, w, size * 1.3)) return false;
      text(words, x, y, size, weight, colour);
      return true;
    }
    let shown = siteOrder.filter(s => layerOfSite(s) && SITE_POINTS[s] && within(px(SITE_POINTS[s]), py(SITE_POINTS[s])));
    // A crowd of sites is drawn small, and without those that do not count.
    const crowd = shown.length > 120, size = crowd ? 0.62 : 1;
    if (crowd) shown = shown.filter(s => SITES.kind[s] !== "centre" || !SITES.counts || SITES.counts[s] !== false);
    for (let i = shown.length - 1; i >= 0; i--) {
      const s = shown[i], x = px(SITE_POINTS[s]), y = py(SITE_POINTS[s]), full = SITES.kind[s] === "chosen";
      ink.save(); ink.translate(x, y); if (!full) ink.scale(size, size);
      drawSymbol(ink, SITES.kind[s], SITES.counts ? SITES.counts[s] !== false : true, SITES.rank && SITES.rank[s], 0, 0);
      ink.restore();
      const r = full ? 9 : 7 * size;
      claim(x - r, y - r, 2 * r, 2 * r, true);
    }
    if (layers.problems) for (const problem of PROBLEMS) {
      const x = px(problem.at), y = py(problem.at);
      if (!within(x, y)) continue;
      ink.beginPath(); ink.moveTo(x, y - 4.5); ink.lineTo(x + 4.5, y); ink.lineTo(x, y + 4.5); ink.lineTo(x - 4.5, y); ink.closePath();
      ink.fillStyle = "#ffffff"; ink.fill(); ink.strokeStyle = COLOUR.mark; ink.lineWidth = 1.4; ink.stroke();
    }
    if (layers.issues) for (const issue of ISSUES) {
      const x = px(issue.at), y = py(issue.at);
      if (!within(x, y)) continue;
      ink.beginPath(); ink.moveTo(x, y - 7); ink.lineTo(x + 7, y + 5); ink.lineTo(x - 7, y + 5); ink.closePath();
      ink.fillStyle = "#ffffff"; ink.fill(); ink.strokeStyle = COLOUR.mark; ink.lineWidth = 1.5; ink.stroke();
      ink.fillStyle = COLOUR.mark; ink.fillRect(x - 0.8, y - 3, 1.6, 4.4); ink.fillRect(x - 0.8, y + 2.2, 1.6, 1.6);
      claim(x - 8, y - 8, 16, 15, true);
    }
    if (!layers.labels) return;
    for (let c = 0; c < SHAPES.communities.count; c++) {
      if (!layers.communities || !visible(SHAPES.communities, c)) continue;
      const b = c * 4, box = SHAPES.communities.box, wide = (box[b + 2] - box[b]) * drawn.k;
      const at = communityAnchor(c), name = communityName(c);
      if (wide < 34) continue;
      // A few places around the middle, so that a busy middle does not cost the name.
      const x = px(at), y = py(at);
      for (const d of [[0, 0], [0, -18], [0, 18], [0, -34], [0, 34], [-30, 0], [30, 0]]) if (label(name, x + d[0], y + d[1], 13.5, "600", COLOUR.community)) break;
    }
    if (near(0.09)) for (const s of shown) {
      if (SITES.kind[s] === "candidate" && !near(0.3)) continue;
      const x = px(SITE_POINTS[s]), y = py(SITE_POINTS[s]);
      if (!within(x, y)) continue;
      const colour = SITES.kind[s] === "chosen" ? COLOUR.chosen : SITES.kind[s] === "centre" ? COLOUR.centre : COLOUR.candidate;
      label(SITES.name[s] || SITES.code[s], x, y + 16, 11.5, "500", colour) || label(SITES.name[s] || SITES.code[s], x, y - 16, 11.5, "500", colour);
    }
    if (layers.gridLines) for (let g = 0; g < SHAPES.grids.count; g++) {
      if (!visible(SHAPES.grids, g)) continue;
      const b = g * 4, box = SHAPES.grids.box, wide = (box[b + 2] - box[b]) * drawn.k, tall = (box[b + 3] - box[b + 1]) * drawn.k;
      if (wide < 26 || tall < 14) continue;
      const x = px(GRID_ANCHORS[g]), y = py(GRID_ANCHORS[g]), code = String(GRIDS.code[g] || "").slice(-3);
      if (wide > 120 && tall > 60) {
        if (label(GRIDS.name[g] || code, x, y - 7, 12, "500", COLOUR.ink)) { label(count(GRIDS.households && GRIDS.households[g]) + T(" 户", " hh"), x, y + 9, 11, "400", COLOUR.quiet); continue; }
      }
      for (const d of [[0, 0], [0, 14], [0, -14], [16, 0], [-16, 0]]) if (label(code, x + d[0], y + d[1], 11, "400", COLOUR.ink)) break;
    }
    function near(k) { return drawn.k > k; }
    map.boxes = placed;
  }
  const communityAnchors = [];
  function communityAnchor(c) { return communityAnchors[c] || (communityAnchors[c] = anchor(SHAPES.communities, c)); }
  const siteOrder = [];
  for (const kind of ["chosen", "centre", "candidate"]) for (let s = 0; s < SITES.count; s++) if (SITES.kind && SITES.kind[s] === kind) siteOrder.push(s);
  function layerOfSite(s) { return SITES.kind[s] === "candidate" ? layers.candidates : layers.sites; }

  /** Puts the sheet in the window, and what moves with the mouse over it. */
  function blit() {
    asked = false;
    const begin = performance.now();
    const scale = canvas.width / Math.max(1, width), k = view.k / drawn.k;
    face.setTransform(scale, 0, 0, scale, 0, 0);
    face.fillStyle = COLOUR.paper; face.fillRect(0, 0, width, height);
    const w = drawn.w * k, h = drawn.h * k;
    face.imageSmoothingEnabled = k !== 1;
    face.drawImage(sheet, toX(drawn.x) - w / 2, toY(drawn.y) - h / 2, w, h);
    outline(STATE.selected, 3, COLOUR.ink, true);
    if (hover && hover.grid >= 0 && hover.grid !== STATE.selected) outline(hover.grid, 1.8, COLOUR.ink, false);
    face.drawImage(cover, toX(drawn.x) - w / 2, toY(drawn.y) - h / 2, w, h);
    furniture();
    times.blit = performance.now() - begin;
  }
  function outline(g, lineWidth, colour, halo) {
    if (!(g >= 0)) return;
    frame = { x: view.x, y: view.y, k: view.k, w: width, h: height };
    face.beginPath(); trace(face, SHAPES.grids, g, true); face.lineJoin = "round";
    if (halo) { face.strokeStyle = "#ffffff"; face.lineWidth = lineWidth + 3; face.stroke(); }
    face.strokeStyle = colour; face.lineWidth = lineWidth; face.stroke();
    frame = drawn;
  }
  /** Scale bar and north arrow. */
  function furniture() {
    const raw = 110 / view.k, power = Math.pow(10, Math.floor(Math.log10(raw)));
    const metres = [5, 2, 1].map(n => n * power).filter(n => n <= raw)[0] || power, length = metres * view.k;
    const x = 16, y = height - 16;
    face.fillStyle = "rgba(255,255,255,0.86)"; face.fillRect(x - 8, y - 24, length + 16, 34);
    face.fillStyle = COLOUR.ink; face.strokeStyle = COLOUR.ink; face.lineWidth = 1;
    for (let i = 0; i < 4; i++) { if (i % 2 === 0) face.fillRect(x + length * i / 4, y - 3, length / 4, 5); }
    face.strokeRect(x + 0.5, y - 2.5, length - 1, 4);
    face.font = "12px " + FONT; face.textAlign = "left"; face.textBaseline = "alphabetic";
    face.fillText(metres >= 1000 ? metres / 1000 + T(" 公里", " km") : metres + T(" 米", " m"), x, y - 8);
    const nx = width - 26, ny = 14;
    face.fillStyle = "rgba(255,255,255,0.86)"; face.fillRect(nx - 13, ny - 7, 26, 48);
    face.beginPath(); face.moveTo(nx, ny + 12); face.lineTo(nx + 7, ny + 36); face.lineTo(nx, ny + 30); face.closePath();
    face.fillStyle = COLOUR.paper; face.fill(); face.strokeStyle = COLOUR.ink; face.stroke();
    face.beginPath(); face.moveTo(nx, ny + 12); face.lineTo(nx - 7, ny + 36); face.lineTo(nx, ny + 30); face.closePath();
    face.fillStyle = COLOUR.ink; face.fill(); face.stroke();
    face.textAlign = "center"; face.fillText(T("北", "N"), nx, ny + 7);
  }

  function sheetSize() { return [width * (1 + 2 * MARGIN), height * (1 + 2 * MARGIN)]; }
  function screen() { return Math.min(2, window.devicePixelRatio || 1); }
  function redraw() {
    clearTimeout(timer); timer = 0;
    if (!width) return;
    const size = sheetSize(), begin = performance.now();
    render(screen(), size[0], size[1]);
    blit();
    // The browser may put off the work of drawing until the sheet is looked at, so both count.
    times.draw = performance.now() - begin;
  }
  /** Shows a change: at once by moving the sheet, and anew when there is time. */
  function refresh(changed) {
    if (changed) dirty = true;
    hold();
    if (!width) return;
    const outside = Math.abs(view.x - drawn.x) * view.k > width * MARGIN || Math.abs(view.y - drawn.y) * view.k > height * MARGIN;
    if (outside || view.k !== drawn.k) dirty = true;
    if (dirty) {
      clearTimeout(timer);
      // A quick map is drawn in step with the hand, a slow one when the hand rests.
      timer = setTimeout(redraw, times.draw < 18 ? 0 : (changed || outside) && times.draw < 60 ? 10 : changed ? 70 : 140);
    }
    if (!asked) { asked = true; requestAnimationFrame(blit); }
  }
  function resize() {
    const box = canvas.getBoundingClientRect();
    if (!box.width || !box.height) return;
    const first = !width, factor = first ? 1 : box.width / width;
    if (box.width === width && box.height === height && canvas.width === Math.round(width * screen())) return;
    width = box.width; height = box.height;
    canvas.width = Math.round(width * screen()); canvas.height = Math.round(height * screen());
    if (first) fit(); else { view.k *= factor; refresh(true); }
    redraw();
  }
  /** What lies at a place of the window. */
  function at(cx, cy) {
    const found = { site: -1, issue: null, grid: -1, atom: -1, community: -1 }, x = fromX(cx), y = fromY(cy);
    let nearest = 11;
    for (const s of siteOrder) {
      if (!layerOfSite(s) || !SITE_POINTS[s]) continue;
      const d = Math.hypot(toX(SITE_POINTS[s][0]) - cx, toY(SITE_POINTS[s][1]) - cy);
      if (d < nearest) { nearest = d; found.site = s; }
    }
    if (layers.problems) for (const problem of PROBLEMS) if (Math.hypot(toX(problem.at[0]) - cx, toY(problem.at[1]) - cy) < 8) found.issue = problem;
    if (layers.issues) for (const issue of ISSUES) if (Math.hypot(toX(issue.at[0]) - cx, toY(issue.at[1]) - cy) < 10) found.issue = issue;
    found.grid = finders.grids()(x, y); found.atom = finders.atoms()(x, y);
    found.community = finders.communities()(x, y);
    return found;
  }
  const finders = {};
  for (const name of ["grids", "atoms", "communities"]) {
    let made = null;
    finders[name] = () => made || (made = lookup(SHAPES[name]));
  }
  function zoom(factor, cx, cy) {
    const x = fromX(cx), y = fromY(cy);
    view.k *= factor; hold();
    view.x = x - (cx - width / 2) / view.k; view.y = y + (cy - height / 2) / view.k;
    refresh(false);
  }
  function pan(dx, dy) { view.x -= dx / view.k; view.y += dy / view.k; refresh(false); }
  /** Moves a box into view, closer if it is small. */
  function show(box) {
    view.x = (box[0] + box[2]) / 2; view.y = (box[1] + box[3]) / 2;
    const closer = Math.min(width / Math.max(60, box[2] - box[0]), height / Math.max(60, box[3] - box[1])) * 0.4;
    view.k = Math.max(Math.min(closer, 2.5), Math.min(view.k, closer * 2));
    refresh(true);
  }
  const map = {
    layers: layers, view: view, times: times, boxes: [], fit: fit, zoom: zoom, pan: pan, show: show, at: at, resize: resize,
    refresh: refresh, redraw: redraw, size: () => [width, height],
    recolour: function () { classes = null; refresh(true); },
    hover: function (what) { hover = what; if (!asked) { asked = true; requestAnimationFrame(blit); } },
    point: (x, y) => [toX(x), toY(y)],
    /** The map as drawn for paper: twice as fine, the window only. */
    paper: function () {
      const size = [width, height];
      canvas.width = Math.round(width * 3); canvas.height = Math.round(height * 3);
      render(3, size[0], size[1]); blit();
    },
    afterPaper: function () { canvas.width = 0; resize(); }
  };
  return map;
}
