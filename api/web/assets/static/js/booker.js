// Choosing a time without loading the page anew: a link's page is fetched and its
// booker and bar take the place of those shown. Without this script the links work
// as links. What was typed stays.
(function () {
  'use strict';
  const parts = ['booker', 'bar'];

  function typed() {
    const form = document.getElementById('confirm');
    return form ? { note: form.elements.note.value, stay: new FormData(form).get('stay') } : null;
  }

  function keep(was) {
    const form = document.getElementById('confirm');
    if (!was || !form) return;
    form.elements.note.value = was.note;
    form.querySelectorAll('[name=stay]').forEach(function (x) { x.checked = x.value === was.stay; });
  }

  async function swap(url) {
    const answer = await fetch(url, { credentials: 'same-origin', headers: { Accept: 'text/html' } });
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!answer.ok || parts.some(function (id) { return !page.getElementById(id); })) throw new Error('another page');
    const was = typed();
    parts.forEach(function (id) { document.getElementById(id).replaceWith(page.getElementById(id)); });
    keep(was);
    history.replaceState(null, '', url);
    const hash = new URL(url, location.href).hash;
    const to = hash && document.querySelector(hash + ' [aria-current], ' + hash);
    if (to && to.matches('a')) to.focus({ preventScroll: true });
    if (hash === '#times' && to && !document.querySelector('#confirm')) to.scrollIntoView({ block: 'nearest' });
  }

  document.addEventListener('click', function (event) {
    const link = event.target.closest && event.target.closest('a[data-swap]');
    if (!link || event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    swap(link.href).catch(function () { location.assign(link.href); });
  });
}());
