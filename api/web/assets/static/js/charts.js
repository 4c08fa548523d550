// Draws the charts of the console with uPlot:
// data-wear: a measured quantity with its predicted course; data-cost: a decision's cost curve.
// Other scripts add kinds of their own to presageCharts.kinds.
// Colours come from the style sheet, so that dark mode needs nothing here.
(() => {
  "use strict";

  const DAY = 86400;
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const dayToSeconds = (text) => Date.parse(text + "T00:00:00Z") / 1000;
  const read = (el, name) => JSON.parse(el.dataset[name]);

  function axes(format) {
    const line = { stroke: css("--chart-grid"), width: 1 };
    const font = "12px " + css("--font");
    const common = { stroke: css("--chart-axis"), font, ticks: line, grid: line };
    return [
      { ...common, space: 76, grid: { show: false }, ...(format.x ? { values: format.x } : {}), ...(format.xlabel ? { label: format.xlabel, labelFont: font, labelSize: 18 } : {}) },
      { ...common, size: 64, ...(format.y ? { values: format.y } : {}) },
    ];
  }

  // vertical draws a line with a word at x, horizontal one at y. Words whose lines stand
  // close have rows of their own: taken are the places of those that were drawn before. What
  // is past has its word on the left, where there is room, away from today's line.
  function vertical(u, x, colour, word, dash, taken = [], past = false) {
    const { ctx, bbox } = u;
    const px = u.valToPos(x, "x", true), end = bbox.left + bbox.width;
    if (px < bbox.left || px > end) return;
    mark(ctx, colour, dash, () => {
      ctx.moveTo(px, bbox.top);
      ctx.lineTo(px, bbox.top + bbox.height);
    });
    const wide = width(u, word), before = px - 5 - wide;
    const from = px + 5 + wide > end || (past && before > bbox.left) ? before : px + 5;
    const free = (row) => taken.every((t) => t.row !== row || t.to < from || from + wide < t.from);
    let row = 0;
    while (row < 2 && !free(row)) row++;
    if (!free(row)) return; // the line alone: its word stands beside it three times
    taken.push({ row, from, to: from + wide + 6 * devicePixelRatio });
    label(u, word, colour, from, bbox.top + (2 + 15 * row) * devicePixelRatio);
  }

  // width is how wide a word of a label is, in pixels of the canvas.
  function width(u, word) {
    u.ctx.save();
    u.ctx.font = "400 " + 12 * devicePixelRatio + "px " + css("--font");
    const wide = u.ctx.measureText(word || "").width;
    u.ctx.restore();
    return wide;
  }

  function horizontal(u, y, colour, word) {
    const { ctx, bbox } = u;
    const py = u.valToPos(y, "y", true);
    if (py < bbox.top || py > bbox.top + bbox.height) return;
    mark(ctx, colour, [], () => {
      ctx.moveTo(bbox.left, py);
      ctx.lineTo(bbox.left + bbox.width, py);
    });
    label(u, word, colour, bbox.left + 6 * devicePixelRatio, py + (py > bbox.top + 22 * devicePixelRatio ? -17 : 5) * devicePixelRatio);
  }

  // crossing marks where the predicted course meets the limit: a bar over the band, a dot at the median.
  function crossing(u, life, today, y, colour, word, rising) {
    const at = (days) => today + days * DAY;
    if (y == null || !(life.p50 > 0.5) || at(life.p50) > u.scales.x.max) return;
    const { ctx, bbox } = u;
    const px = (s) => Math.min(bbox.left + bbox.width, u.valToPos(s, "x", true));
    const py = u.valToPos(y, "y", true);
    ctx.save();
    ctx.strokeStyle = ctx.fillStyle = colour;
    ctx.lineWidth = 5 * devicePixelRatio;
    ctx.lineCap = "round";
    ctx.beginPath();
    ctx.moveTo(px(at(life.p10)), py);
    ctx.lineTo(px(at(life.p90)), py);
    ctx.stroke();
    ctx.beginPath();
    ctx.arc(px(at(life.p50)), py, 6 * devicePixelRatio, 0, 7);
    ctx.fill();
    ctx.strokeStyle = css("--surface");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.stroke();
    ctx.restore();
    // The course leaves the side behind the dot free: below when it rises, above when it falls.
    const x = px(at(life.p50)), right = x + 170 * devicePixelRatio < bbox.left + bbox.width;
    const side = right === rising ? 11 : -24;
    label(u, word, colour, x + (right ? 8 : -8) * devicePixelRatio, py + side * devicePixelRatio, right ? "left" : "right", 600);
  }

  function mark(ctx, colour, dash, path) {
    ctx.save();
    ctx.strokeStyle = colour;
    ctx.lineWidth = 1.5 * devicePixelRatio;
    ctx.setLineDash(dash.map((d) => d * devicePixelRatio));
    ctx.beginPath();
    path();
    ctx.stroke();
    ctx.restore();
  }

  function label(u, word, colour, x, y, align = "left", weight = 400) {
    if (!word) return;
    const { ctx } = u;
    ctx.save();
    ctx.fillStyle = colour;
    ctx.font = weight + " " + 12 * devicePixelRatio + "px " + css("--font");
    ctx.textBaseline = "top";
    ctx.textAlign = align;
    ctx.fillText(word, x, y);
    ctx.restore();
  }

  // join merges the days of measurements and of the prediction on one axis.
  function join(series) {
    const rows = new Map();
    const at = (day) => {
      const x = dayToSeconds(day);
      if (!rows.has(x)) rows.set(x, [null, null, null, null]);
      return rows.get(x);
    };
    for (const p of series.points) at(p.day)[0] = p.value;
    for (const p of series.path || []) {
      const row = at(p.day);
      row[1] = p.p10;
      row[2] = p.p50;
      row[3] = p.p90;
    }
    // A renewal starts a new life: an empty row breaks the line there.
    for (const day of series.renewals || []) rows.set(dayToSeconds(day) - DAY / 2, [null, null, null, null]);
    const xs = [...rows.keys()].sort((a, b) => a - b);
    return [xs, ...[0, 1, 2, 3].map((i) => xs.map((x) => rows.get(x)[i]))];
  }

  function wear(el) {
    const series = read(el, "wear");
    const words = read(el, "words");
    const life = read(el, "life");
    const data = join(series);
    const path = series.path || [];
    const rising = path.length > 0 && path[path.length - 1].p50 > path[0].p50;
    const today = dayToSeconds(series.today);
    const past = new Set((series.renewals || []).map(dayToSeconds));
    const range = (u, min, max) => {
      const hi = Math.max(max, series.limit ?? max), lo = Math.min(min, series.limit ?? min);
      const pad = (hi - lo || 1) * 0.09;
      return [series.unit === "%" && lo >= 0 ? Math.max(0, lo - pad) : lo - pad, hi + pad];
    };
    const show = (u, v) => (v == null ? "–" : v.toFixed(Math.abs(v) < 20 ? 2 : 0) + " " + (series.unit || ""));
    const locale = words.lang === "zh" ? "zh-CN" : "en-GB";
    const date = (s, o) => new Date(s * 1000).toLocaleDateString(locale, { timeZone: "UTC", ...o });
    const options = {
      width: el.clientWidth - 20,
      height: el.clientHeight,
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1e3), "Etc/UTC"),
      legend: { show: false },
      cursor: { points: { size: 7 } },
      scales: { x: { time: true, range: (u, min, max) => [min, Math.max(max, today + 14 * DAY)] }, y: { range } },
      axes: axes({
        x: (u, ticks) => ticks.map((s) => date(s, { month: "short", day: "numeric" })),
        y: (u, ticks) => ticks.map((v) => +v.toFixed(2) + (series.unit === "%" ? "%" : " " + (series.unit || ""))),
      }),
      series: [
        {},
        { label: words.measured, stroke: css("--chart-measured"), width: 1.75, points: { size: 4, fill: css("--chart-measured") }, gaps: (u, i, from, to, gaps) => gaps.map(([a, b]) => [a - 2 * devicePixelRatio, b + 2 * devicePixelRatio]), value: show },
        { stroke: "transparent", spanGaps: true, points: { show: false } },
        { label: words.median, stroke: css("--chart-median"), width: 2, dash: [6, 4], spanGaps: true, points: { show: false }, value: show },
        { stroke: "transparent", spanGaps: true, points: { show: false } },
      ],
      bands: [{ series: [4, 2], fill: css("--chart-band") }],
      hooks: {
        draw: [
          (u) => {
            if (series.limit != null) horizontal(u, series.limit, css("--chart-limit"), el.clientWidth < 480 ? "" : words.limit + " " + +series.limit.toPrecision(3) + " " + (series.unit || ""));
            const taken = [];
            vertical(u, today, css("--chart-axis"), words.today, [4, 4], taken);
            crossing(u, life, today, series.limit, css("--chart-limit"), words.reach + " " + date(today + life.p50 * DAY, { month: "short", day: "numeric" }), rising);
            for (const x of past) vertical(u, x, css("--chart-renewed"), words.renewed, [2, 3], taken, true);
          },
        ],
        setCursor: [(u) => tip(u, el, (i) => [date(u.data[0][i], { year: "numeric", month: "short", day: "numeric" }), [1, 3].map((s) => [s === 1 ? words.measured : words.median, u.data[s][i]]).filter((r) => r[1] != null).map((r) => r[0] + " " + show(u, r[1]))])],
      },
    };
    return new uPlot(options, data, el);
  }

  function cost(el) {
    const decision = read(el, "cost");
    const words = read(el, "words");
    const money = (v) => (decision.currency === "CNY" ? "¥" : decision.currency + " ") + Math.round(v).toLocaleString("en");
    const column = (name) => decision.curve.map((p) => p[name] / 100);
    const data = [decision.curve.map((p) => p.day), column("total"), column("breakdown"), column("waste")];
    const thin = { points: { show: false }, value: (u, v) => money(v) };
    const options = {
      width: el.clientWidth - 20,
      height: el.clientHeight,
      legend: { show: false },
      scales: { x: { time: false } },
      axes: axes({ xlabel: words.axis, y: (u, ticks) => ticks.map(money), x: (u, ticks) => ticks.map((d) => (Number.isInteger(d) ? d : "")) }),
      series: [
        {},
        { ...thin, stroke: css("--chart-measured"), width: 2.25 },
        { ...thin, stroke: css("--chart-limit"), width: 1.5 },
        { ...thin, stroke: css("--chart-median"), width: 1.5, dash: [6, 4] },
      ],
      hooks: {
        draw: [(u) => vertical(u, decision.day, css("--chart-median"), words.chosen, [4, 4])],
        setCursor: [(u) => tip(u, el, (i) => [words.day + " " + u.data[0][i], [words.total, words.breakdown, words.waste].map((w, s) => w + " " + money(u.data[s + 1][i]))])],
      },
    };
    return new uPlot(options, data, el);
  }

  // tip shows the values under the pointer.
  function tip(u, el, text) {
    let box = el.querySelector(".tip");
    if (!box) {
      box = document.createElement("div");
      box.className = "tip";
      u.over.append(box);
    }
    const i = u.cursor.idx;
    box.hidden = i == null || u.cursor.left < 0;
    if (box.hidden) return;
    const [head, lines] = text(i);
    box.replaceChildren(...[head, ...lines].map((line, n) => Object.assign(document.createElement(n ? "span" : "b"), { textContent: line })));
    const right = u.cursor.left > u.over.clientWidth / 2;
    box.style.left = right ? "" : u.cursor.left + 14 + "px";
    box.style.right = right ? u.over.clientWidth - u.cursor.left + 14 + "px" : "";
  }

  const kinds = [["wear", wear], ["cost", cost]];
  globalThis.presageCharts = { DAY, css, dayToSeconds, read, axes, vertical, tip, kinds };

  let drawn = [];
  function drawAll() {
    drawn.forEach((u) => u.destroy());
    drawn = [];
    for (const [name, draw] of kinds) document.querySelectorAll("[data-" + name + "]").forEach((el) => drawn.push(draw(el)));
  }

  document.addEventListener("DOMContentLoaded", drawAll);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
  addEventListener("resize", () => drawn.forEach((u) => u.setSize({ width: u.root.parentElement.clientWidth - 20, height: u.height })));
})();
