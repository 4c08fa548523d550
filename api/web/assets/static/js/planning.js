// Draws a parts planner's charts with uPlot:
// data-demand: the use by week with the fan of the weeks ahead; data-past: past forecasts and what came.
(() => {
  "use strict";

  const { DAY, css, dayToSeconds, read, axes, vertical, tip, kinds } = presageCharts;
  const WEEK = 7 * DAY;

  const speak = (words) => {
    const locale = words.lang === "zh" ? "zh-CN" : "en-GB";
    return {
      date: (s, o) => new Date(s * 1000).toLocaleDateString(locale, { timeZone: "UTC", ...o }),
      count: (v) => v.toLocaleString(locale, { maximumFractionDigits: v < 100 ? 1 : 0 }),
    };
  };
  // Ticks of pieces are whole numbers.
  const whole = (u, ticks) => ticks.map((v) => (Number.isInteger(v) ? v.toLocaleString("en") : ""));
  const narrow = (a) => ({ ...a, size: 46 });

  // lay puts the weeks of history and those ahead on one axis. A week ahead holds
  // from its first day to its last: the last one is repeated at its end.
  function lay(chart) {
    const rows = chart.history.map((w) => [dayToSeconds(w.from), w.pieces, null, null, null, null, null, null]);
    const ahead = chart.weeks.map((w) => [dayToSeconds(w.from), null, w.p10, w.p20, w.p50, w.p80, w.p90, w.mean]);
    if (ahead.length) ahead.push([ahead[ahead.length - 1][0] + WEEK, ...ahead[ahead.length - 1].slice(1)]);
    rows.push(...ahead);
    rows.sort((a, b) => a[0] - b[0]);
    return rows[0].map((_, column) => rows.map((row) => row[column]));
  }

  function demand(el) {
    const chart = read(el, "demand"), words = read(el, "words"), { date, count } = speak(words);
    const data = lay(chart), today = dayToSeconds(chart.today);
    const steps = uPlot.paths.stepped({ align: 1 });
    const hidden = { stroke: "transparent", width: 0, paths: steps, points: { show: false } };
    const [x, y] = axes({ x: (u, ticks) => ticks.map((s) => date(s, { month: "short", day: "numeric" })), y: whole });
    return new uPlot({
      width: el.clientWidth - 20,
      height: el.clientHeight,
      tzDate: (ts) => uPlot.tzDate(new Date(ts * 1e3), "Etc/UTC"),
      legend: { show: false },
      cursor: { points: { show: false }, y: false },
      scales: { x: { time: true, range: (u, min, max) => [min - DAY, max + DAY] }, y: { range: (u, min, max) => [0, Math.max(2, max * 1.12)] } },
      axes: [x, { ...narrow(y), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] }],
      series: [
        {},
        { stroke: css("--chart-used"), fill: css("--chart-used"), width: 0, paths: uPlot.paths.bars({ size: [0.82, 40], align: 1 }), points: { show: false } },
        hidden,
        hidden,
        { ...hidden, stroke: css("--chart-median"), width: 2, dash: [6, 4] },
        hidden,
        hidden,
        { ...hidden, stroke: css("--chart-measured"), width: 1.75 },
      ],
      bands: [{ series: [6, 2], fill: css("--chart-band") }, { series: [5, 3], fill: css("--chart-band") }],
      hooks: {
        draw: [(u) => vertical(u, today, css("--chart-axis"), words.today, [4, 4])],
        setCursor: [(u) => tip(u, el, (i) => {
          const at = u.data.map((column) => column[i]);
          const lines = at[1] != null ? [words.used + " " + at[1]] : [words.mean + " " + count(at[7])];
          if (at[4] != null) lines.push(words.median + " " + count(at[4]));
          if (at[2] != null && at[6] != null) lines.push(words.band + " " + count(at[2]) + "–" + count(at[6]));
          return [words.week + " " + date(at[0], { year: "numeric", month: "short", day: "numeric" }), lines];
        })],
      },
    }, data, el);
  }

  // sticks draws an interval with its median, and a dot inside or a diamond outside of it.
  function sticks(u, rows) {
    const { ctx } = u, dpr = devicePixelRatio;
    const colours = { band: css("--chart-past"), median: css("--chart-median"), inside: css("--fill-ok"), outside: css("--fill-due"), edge: css("--surface") };
    const step = u.bbox.width / Math.max(rows.length, 4);
    const half = Math.min(9 * dpr, step * 0.28);
    ctx.save();
    rows.forEach((r, i) => {
      const x = u.valToPos(i, "x", true), at = (v) => u.valToPos(v, "y", true);
      ctx.fillStyle = colours.band;
      ctx.fillRect(x - half, at(r.p90), 2 * half, Math.max(2 * dpr, at(r.p10) - at(r.p90)));
      ctx.fillStyle = colours.median;
      ctx.fillRect(x - half, at(r.p50) - dpr, 2 * half, 2 * dpr);
      ctx.fillStyle = r.inside ? colours.inside : colours.outside;
      ctx.strokeStyle = colours.edge;
      ctx.lineWidth = 2 * dpr;
      ctx.beginPath();
      const size = (r.inside ? 5 : 6.5) * dpr, y = at(r.actual);
      if (r.inside) ctx.arc(x, y, size, 0, 7);
      else [[0, -size], [size, 0], [0, size], [-size, 0]].forEach(([dx, dy], k) => (k ? ctx.lineTo(x + dx, y + dy) : ctx.moveTo(x + dx, y + dy)));
      ctx.closePath();
      ctx.stroke();
      ctx.fill();
    });
    ctx.restore();
  }

  function past(el) {
    const rows = read(el, "past"), words = read(el, "words"), { date, count } = speak(words);
    const day = (r, o) => date(Date.parse(r.as_of) / 1000, o);
    const column = (name) => rows.map((r) => r[name]);
    const [x, y] = axes({ x: (u, ticks) => ticks.map((i) => (rows[i] ? day(rows[i], { month: "short", day: "numeric" }) : "")), y: whole });
    const hidden = { paths: () => null, points: { show: false } };
    return new uPlot({
      width: el.clientWidth - 20,
      height: el.clientHeight,
      legend: { show: false },
      cursor: { points: { show: false }, y: false },
      scales: { x: { time: false, range: () => [-0.6, Math.max(rows.length, 4) - 0.4] }, y: { range: (u, min, max) => [Math.max(0, Math.floor(min - (max - min) * 0.15)), Math.max(2, max * 1.08)] } },
      axes: [{ ...x, incrs: [1, 2, 3, 4, 6, 8, 13] }, { ...narrow(y), incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10000] }],
      series: [{}, hidden, hidden, hidden],
      hooks: {
        draw: [(u) => sticks(u, rows)],
        setCursor: [(u) => tip(u, el, (i) => {
          const r = rows[i];
          return [words.made + " " + day(r, { year: "numeric", month: "short", day: "numeric" }), [
            words.actual + " " + r.actual + " · " + (r.inside ? words.inside : words.outside),
            words.median + " " + count(r.p50), words.band + " " + count(r.p10) + "–" + count(r.p90),
          ]];
        })],
      },
    }, [rows.map((_, i) => i), column("p10"), column("p90"), column("actual")], el);
  }

  kinds.push(["demand", demand], ["past", past]);

  // On a phone what is seldom needed waits folded.
  if (matchMedia("(max-width: 760px)").matches) {
    for (const d of document.querySelectorAll("details[data-fold]")) d.open = false;
  }
})();
