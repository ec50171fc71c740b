/**
 * What runs in the browser: asks for the page again each second and takes over the regions that
 * changed. A region in which somebody is typing, or has typed, is left alone; focus and opened parts
 * stay where they are. Without it the page works too, by reloading.
 */
export const script = `'use strict';
(() => {
  const everyMilliseconds = 1000;
  const touched = new Set();
  const freshness = document.getElementById('freshness');
  const regions = (root) => new Map([...root.querySelectorAll('[data-live]')].map((each) => [each.dataset.live, each]));
  const shown = new Map([...regions(document)].map(([name, each]) => [name, each.innerHTML]));

  for (const typed of document.querySelectorAll('[data-typed]')) touched.add(typed.closest('[data-live]').dataset.live);

  document.addEventListener('input', (event) => {
    const region = event.target.closest('[data-live]');
    if (region) touched.add(region.dataset.live);
  });

  const placeOf = (element) =>
    element && element.getAttribute && (element.id ? '#' + CSS.escape(element.id)
      : element.getAttribute('href') ? 'a[href="' + CSS.escape(element.getAttribute('href')) + '"]'
      : element.tagName === 'SUMMARY' && element.parentElement.id ? '#' + CSS.escape(element.parentElement.id) + ' > summary' : null);

  const take = (name, region, next) => {
    const active = region.contains(document.activeElement) ? document.activeElement : null;
    if (touched.has(name) || (active && /^(INPUT|TEXTAREA|SELECT)$/.test(active.tagName))) return;
    const place = placeOf(active);
    const opened = new Map([...region.querySelectorAll('details[id]')].map((each) => [each.id, each.open]));
    region.innerHTML = next;
    for (const [id, open] of opened) {
      const details = document.getElementById(id);
      if (details) details.open = open;
    }
    if (place) region.querySelector(place)?.focus({ preventScroll: true });
    shown.set(name, next);
  };

  const refresh = async () => {
    const url = new URL(location.href);
    url.searchParams.delete('done');
    // After a refused form the address is that of the form, which has no page of its own.
    url.pathname = url.pathname.replace(/^(\\/referrals\\/[^/]+)\\/.*$/, '$1');
    const response = await fetch(url, { headers: { accept: 'text/html' } });
    if (!response.ok) throw new Error(String(response.status));
    const fresh = regions(new DOMParser().parseFromString(await response.text(), 'text/html'));
    for (const [name, region] of regions(document)) {
      const next = fresh.get(name)?.innerHTML;
      if (next !== undefined && next !== shown.get(name)) take(name, region, next);
    }
  };

  const say = (text) => {
    if (freshness.textContent !== text) freshness.textContent = text;
  };

  const loop = async () => {
    try {
      if (!document.hidden) await refresh();
      say('');
    } catch {
      say('The emulator does not answer. What you see may be old.');
    }
    setTimeout(loop, everyMilliseconds);
  };
  setTimeout(loop, everyMilliseconds);
})();
`;
