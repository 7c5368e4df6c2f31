'use strict';
(() => {
  const dialog = document.getElementById('hours');
  const states = JSON.parse(document.getElementById('states').textContent);
  const days = () => Array.from(document.querySelectorAll('.day'));
  const find = (day) => document.querySelector('.day[data-day="' + day + '"]');
  const shifted = (day, count) => {
    const date = new Date(day + 'T00:00:00Z');
    date.setUTCDate(date.getUTCDate() + count);
    return date.toISOString().slice(0, 10);
  };
  const monthAway = (day, count) => {
    const date = new Date(day + 'T00:00:00Z');
    const wanted = date.getUTCDate();
    date.setUTCDate(1);
    date.setUTCMonth(date.getUTCMonth() + count);
    const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
    date.setUTCDate(Math.min(wanted, last));
    return date.toISOString().slice(0, 10);
  };

  /** One day of the calendar is in the order of the tab key: the one that was last chosen. */
  const choose = (button, isFocused) => {
    days().forEach((each) => { each.tabIndex = -1; });
    button.tabIndex = 0;
    if (isFocused) {
      button.focus();
      button.scrollIntoView({ block: 'nearest' });
    }
  };

  const target = (event, day) => {
    const weekday = (new Date(day + 'T00:00:00Z').getUTCDay() + 6) % 7;
    const all = days();
    switch (event.key) {
      case 'ArrowLeft': return shifted(day, -1);
      case 'ArrowRight': return shifted(day, 1);
      case 'ArrowUp': return shifted(day, -7);
      case 'ArrowDown': return shifted(day, 7);
      case 'PageUp': return monthAway(day, -1);
      case 'PageDown': return monthAway(day, 1);
      case 'Home': return event.ctrlKey ? all[0].dataset.day : shifted(day, -weekday);
      case 'End': return event.ctrlKey ? all[all.length - 1].dataset.day : shifted(day, 6 - weekday);
      default: return null;
    }
  };

  document.addEventListener('keydown', (event) => {
    const button = event.target.closest ? event.target.closest('.day') : null;
    if (!button || event.altKey || event.metaKey) {
      return;
    }
    const wanted = target(event, button.dataset.day);
    if (wanted === null) {
      return;
    }
    event.preventDefault();
    const all = days();
    const first = all[0].dataset.day;
    const last = all[all.length - 1].dataset.day;
    choose(find(wanted < first ? first : wanted > last ? last : wanted), true);
  });

  const cell = (row, name, text, kind) => {
    const made = document.createElement(name);
    made.textContent = text;
    if (kind) {
      made.className = kind;
    }
    row.appendChild(made);
    return made;
  };

  const fill = (button) => {
    const hours = button.dataset.hours.split('');
    const first = Number(button.dataset.first);
    const calls = (button.dataset.calls || '').split(',');
    dialog.dataset.day = button.dataset.day;
    dialog.querySelector('h2').textContent = button.dataset.day + ' (UTC)';
    dialog.querySelector('.what').textContent = button.dataset.text;
    const body = dialog.querySelector('tbody');
    body.replaceChildren();
    hours.forEach((symbol, index) => {
      const row = body.insertRow();
      const hour = String(first + index).padStart(2, '0') + ':00';
      cell(row, 'th', hour).scope = 'row';
      const state = row.insertCell();
      const mark = cell(state, 'span', states[symbol].glyph, 'mark ' + states[symbol].id);
      mark.setAttribute('aria-hidden', 'true');
      state.appendChild(document.createTextNode(states[symbol].label));
      const count = calls[index] || '';
      cell(row, 'td', count === '' ? '' : Number(count).toLocaleString('en'), 'number');
    });
  };

  const open = (day) => {
    const button = find(day);
    if (!button) {
      return;
    }
    choose(button, false);
    fill(button);
    if (!dialog.open) {
      dialog.showModal();
    }
  };

  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-open]');
    if (button) {
      open(button.dataset.open);
    }
  });
  dialog.querySelector('.close').addEventListener('click', () => dialog.close());
  dialog.querySelector('.before').addEventListener('click', () => open(shifted(dialog.dataset.day, -1)));
  dialog.querySelector('.after').addEventListener('click', () => open(shifted(dialog.dataset.day, 1)));
  dialog.addEventListener('close', () => {
    const button = find(dialog.dataset.day);
    if (button) {
      button.focus();
    }
  });

  const openNamed = () => {
    if (/^#\d{4}-\d\d-\d\d$/.test(location.hash)) {
      open(location.hash.slice(1));
    }
  };
  window.addEventListener('hashchange', openNamed);
  openNamed();

  const refresh = async () => {
    const notice = document.getElementById('notice');
    try {
      const response = await fetch(location.pathname, { cache: 'no-store' });
      if (!response.ok) {
        throw new Error('HTTP ' + response.status);
      }
      const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
      const focused = document.activeElement && document.activeElement.dataset.day;
      const chosen = document.querySelector('.day[tabindex="0"]');
      document.getElementById('content').replaceWith(document.adoptNode(fresh.getElementById('content')));
      const again = chosen && find(chosen.dataset.day);
      if (again) {
        choose(again, false);
        if (focused === chosen.dataset.day) {
          again.focus({ preventScroll: true });
        }
      }
      if (dialog.open && find(dialog.dataset.day)) {
        fill(find(dialog.dataset.day));
      }
      notice.hidden = true;
    } catch (error) {
      const text = 'This page is not up to date any more: the command that serves it does not answer.';
      if (notice.hidden || notice.textContent !== text) {
        notice.textContent = text;
        notice.hidden = false;
      }
    }
    setTimeout(refresh, Number(document.body.dataset.live) * 1000);
  };
  if (document.body.dataset.live) {
    setTimeout(refresh, Number(document.body.dataset.live) * 1000);
  }
})();
