// What the checks ask a page; each function returns a list of complaints.
(function () {
  'use strict';
  const visible = (element) => {
    const style = getComputedStyle(element);
    return style.visibility === 'visible' && style.display !== 'none' &&
      element.getClientRects().length > 0;
  };
  const channels = (colour) => {
    const parts = colour.match(/[\d.]+/g).map(Number);
    return { r: parts[0], g: parts[1], b: parts[2], a: parts.length > 3 ? parts[3] : 1 };
  };
  const luminance = (colour) => {
    const line = (value) => {
      value /= 255;
      return value <= 0.03928 ? value / 12.92 : Math.pow((value + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * line(colour.r) + 0.7152 * line(colour.g) + 0.0722 * line(colour.b);
  };
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = channels(getComputedStyle(at).backgroundColor);
      if (colour.a > 0) { return colour; }
    }
    return { r: 255, g: 255, b: 255, a: 1 };
  };
  window.spillwayChecks = {
    overlaps() {
      const found = [];
      document.querySelectorAll('figure svg').forEach((svg) => {
        const texts = [...svg.querySelectorAll('text')].filter(visible);
        const boxes = texts.map((text) => text.getBoundingClientRect());
        for (let i = 0; i < boxes.length; i++) {
          for (let j = i + 1; j < boxes.length; j++) {
            const wide = Math.min(boxes[i].right, boxes[j].right) -
              Math.max(boxes[i].left, boxes[j].left);
            const high = Math.min(boxes[i].bottom, boxes[j].bottom) -
              Math.max(boxes[i].top, boxes[j].top);
            if (wide > 1 && high > 3) {
              found.push(texts[i].textContent + ' over ' + texts[j].textContent);
            }
          }
          const frame = svg.getBoundingClientRect();
          if (boxes[i].right > frame.right + 1 || boxes[i].left < frame.left - 1) {
            found.push(texts[i].textContent + ' beyond its chart');
          }
        }
      });
      const over = document.documentElement.scrollWidth - innerWidth;
      if (over > 0) { found.push('the page is ' + over + ' px too wide'); }
      document.querySelectorAll('.stack').forEach((table) => {
        const region = table.parentElement;
        if (innerWidth <= 640 && region.scrollWidth > region.clientWidth + 1) {
          found.push('a table of words has to be scrolled: ' + table.caption.textContent);
        }
      });
      document.querySelectorAll('td, th').forEach((cell) => {
        if (cell.scrollWidth > cell.clientWidth + 1) {
          found.push('a cell overflows: ' + cell.textContent.slice(0, 40));
        }
      });
      return found;
    },
    names() {
      const found = [];
      document.querySelectorAll('svg').forEach((svg) => {
        const named = svg.getAttribute('aria-label') || svg.getAttribute('aria-hidden');
        if (!named) { found.push('a picture without a name'); }
      });
      document.querySelectorAll('input').forEach((input) => {
        if (!input.labels || input.labels.length === 0) { found.push('an input without a label'); }
      });
      document.querySelectorAll('button, a, h1, h2, h3').forEach((element) => {
        if (!element.textContent.trim()) { found.push('an empty ' + element.tagName); }
      });
      document.querySelectorAll('table').forEach((table) => {
        if (!table.caption || !table.caption.textContent) { found.push('a table without a caption'); }
      });
      const ids = [...document.querySelectorAll('[id]')].map((element) => element.id);
      ids.forEach((id, index) => {
        if (ids.indexOf(id) !== index) { found.push('two elements are called ' + id); }
      });
      document.querySelectorAll('nav a').forEach((link) => {
        if (!document.querySelector(link.getAttribute('href'))) {
          found.push('a link leads nowhere: ' + link.getAttribute('href'));
        }
      });
      return found;
    },
    contrast() {
      const found = new Set();
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const node = walker.currentNode;
        const element = node.parentElement;
        if (!node.textContent.trim() || !visible(element)) { continue; }
        if (['SCRIPT', 'STYLE', 'TITLE', 'title'].includes(element.tagName)) { continue; }
        const style = getComputedStyle(element);
        const isDrawn = element.namespaceURI.endsWith('svg');
        const a = luminance(channels(isDrawn ? style.fill : style.color));
        const b = luminance(ground(element));
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) {
          found.add(ratio.toFixed(1) + ' : 1 for ' + node.textContent.trim().slice(0, 30));
        }
      }
      return [...found];
    },
  };
})();
