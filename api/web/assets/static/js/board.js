// Moving visits on a workshop's board: by drag, or with a block's handle and the arrow
// keys. Nothing is sent before it is confirmed. Without this script the handle is a
// link to a form.
(function () {
  'use strict';
  const board = document.getElementById('board'), form = document.getElementById('mover');
  if (!board || !form) return;
  const words = JSON.parse(form.dataset.words), heads = board.tHead.rows[0].querySelectorAll('th[data-id]');
  const rows = Array.from(board.tBodies[0].rows), cells = rows.map(function () { return []; });
  rows.forEach(function (tr, r) {
    tr.querySelectorAll('td').forEach(function (td) {
      for (let i = 0; i < td.rowSpan && r + i < rows.length; i++) cells[r + i][+td.dataset.c] = td;
    });
  });
  const own = function (td) { return rows.indexOf(td.parentNode); };
  let at = null; // the visit in hand: its cell, where it was and where it would be

  function take(block) {
    drop();
    const td = block.closest('td');
    at = { block: block, td: td, from: own(td), row: own(td), column: +td.dataset.c, rows: td.rowSpan };
    at.was = at.column;
    block.classList.add('held');
    form.hidden = false;
    aim(at.row, at.column);
  }

  function unmark() {
    board.querySelectorAll('.aim').forEach(function (td) { td.classList.remove('aim', 'bad'); });
  }

  function drop() {
    if (!at) return;
    unmark();
    at.block.classList.remove('held');
    at = null;
    form.hidden = true;
  }

  // later is a time of the day some minutes after another: a van leaves before its visit begins.
  function later(time, minutes) {
    const all = Number(time.slice(0, 2)) * 60 + Number(time.slice(3)) + minutes;
    return String(Math.floor(all / 60)).padStart(2, '0') + ':' + String(all % 60).padStart(2, '0');
  }

  function free(td) { return td === at.td || !td.className; }

  function aim(row, column) {
    at.row = Math.max(0, Math.min(rows.length - at.rows, row));
    at.column = Math.max(0, Math.min(heads.length - 1, column));
    unmark();
    const under = cells.slice(at.row, at.row + at.rows).map(function (line) { return line[at.column]; });
    const fits = under.every(free);
    under.forEach(function (td) { td.classList.add('aim'); td.classList.toggle('bad', !fits); });
    const time = rows[at.row].dataset.time, head = heads[at.column], same = at.row === at.from;
    form.elements.visit.value = at.block.dataset.visit;
    form.elements.time.value = later(time, Number(at.block.dataset.drive || 0));
    form.elements[form.dataset.by].value = at.column === at.was ? '' : head.dataset.id;
    form.querySelector('p b').textContent = time + ' · ' + head.dataset.name;
    form.querySelector('p span').textContent = fits ? (same ? words.untold : words.told) : words.bad;
  }

  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  board.addEventListener('keydown', function (event) {
    const grip = event.target.closest('.grip');
    if (!grip || event.metaKey || event.ctrlKey || event.altKey) return;
    const block = grip.closest('.booked'), held = at && at.block === block;
    if (event.key === 'Enter' || event.key === ' ') {
      if (held) form.requestSubmit(); else take(block);
    } else if (held && event.key === 'Escape') {
      drop();
    } else if (held && steps[event.key]) {
      aim(at.row + steps[event.key][0], at.column + steps[event.key][1]);
    } else {
      return;
    }
    event.preventDefault();
  });

  form.querySelector('button[type=button]').addEventListener('click', function () {
    const grip = at && at.block.querySelector('.grip');
    drop();
    if (grip) grip.focus();
  });
  form.addEventListener('keydown', function (event) { if (event.key === 'Escape') drop(); });

  // A drag begins after a few pixels, so that a click on a link stays one.
  let drag = null;
  board.addEventListener('dragstart', function (event) { event.preventDefault(); });
  board.addEventListener('pointerdown', function (event) {
    const block = event.target.closest('.booked');
    if (!block || event.button || !block.querySelector('.grip')) return;
    if (event.pointerType !== 'mouse' && !event.target.closest('.grip')) return;
    const box = block.getBoundingClientRect(), height = box.height / block.closest('td').rowSpan;
    drag = { block: block, x: event.clientX, y: event.clientY, grabbed: Math.floor((event.clientY - box.top) / height), on: false };
  });
  addEventListener('pointermove', function (event) {
    if (!drag) return;
    if (!drag.on) {
      if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) < 6) return;
      drag.on = true;
      take(drag.block);
      form.classList.add('passed'); // a drop below it is one on the board
    }
    event.preventDefault();
    const hit = document.elementFromPoint(event.clientX, event.clientY), td = hit && hit.closest('#board td');
    if (!td || !at) return;
    const box = td.getBoundingClientRect();
    const row = own(td) + Math.floor((event.clientY - box.top) / box.height * td.rowSpan);
    aim(row - drag.grabbed, +td.dataset.c);
  });
  addEventListener('pointerup', function () {
    form.classList.remove('passed');
    if (drag && drag.on) {
      const swallow = function (event) { event.preventDefault(); event.stopPropagation(); };
      addEventListener('click', swallow, true);
      setTimeout(function () { removeEventListener('click', swallow, true); form.querySelector('button').focus(); });
    }
    drag = null;
  });
  addEventListener('pointercancel', function () {
    form.classList.remove('passed');
    drag = null;
  });
}());
