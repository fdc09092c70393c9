/// The page's script: one cursor through all curves, and places switched off and on.
///
/// Without it the page shows everything but the values at a moment.
enum PageScript {
  /// The script's text.
  static let text = """
    'use strict';
    (function () {
      var data = JSON.parse(document.getElementById('curves').textContent);
      var slider = document.getElementById('moment');
      var shown = document.getElementById('moment-text');
      if (!slider) { return; }
      document.getElementById('time-controls').hidden = false;
      var hidden = {};
      function say(value) {
        if (value === null || value === undefined) { return '–'; }
        var digits = Math.abs(value) >= 1000 ? 0 : Math.abs(value) >= 10 ? 1 : 3;
        return value.toLocaleString('en-US', { maximumFractionDigits: digits });
      }
      function clock(seconds) {
        var s = Math.round(seconds), h = Math.floor(s / 3600), m = Math.floor(s / 60) % 60;
        var rest = s % 60;
        return (h ? h + ' h ' : '') + (h || m ? m + ' min ' : '') + rest + ' s';
      }
      function move(share) {
        var time = share * data.end;
        shown.textContent = clock(time);
        slider.setAttribute('aria-valuetext', clock(time));
        data.charts.forEach(function (chart) {
          var figure = document.getElementById('chart-' + chart.id);
          var svg = figure.querySelector('svg');
          var line = svg.querySelector('.cursor');
          if (!line) {
            line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
            line.setAttribute('class', 'cursor');
            line.setAttribute('y1', chart.top);
            line.setAttribute('y2', chart.bottom);
            svg.appendChild(line);
          }
          var x = chart.left + share * (chart.right - chart.left);
          line.setAttribute('x1', x);
          line.setAttribute('x2', x);
          var items = figure.querySelectorAll('.readout li');
          chart.series.forEach(function (series, index) {
            var at = Math.min(series.values.length - 1, Math.round(time / series.step));
            items[index].textContent =
              series.name + ' ' + say(series.values[at]) + ' ' + chart.unit;
            items[index].hidden = !!hidden[series.name];
          });
        });
      }
      function toggle(button) {
        var name = button.dataset.place;
        hidden[name] = button.getAttribute('aria-pressed') === 'true';
        button.setAttribute('aria-pressed', String(!hidden[name]));
        data.charts.forEach(function (chart) {
          chart.series.forEach(function (series, index) {
            if (series.name !== name) { return; }
            var marks = document.querySelectorAll(
              '#chart-' + chart.id + ' .s' + index + ', #chart-' + chart.id + ' .f' + index);
            marks.forEach(function (mark) {
              mark.setAttribute('visibility', hidden[name] ? 'hidden' : 'visible');
            });
          });
        });
        move(slider.value / slider.max);
      }
      slider.addEventListener('input', function () { move(slider.value / slider.max); });
      document.querySelectorAll('button[data-place]').forEach(function (button) {
        button.addEventListener('click', function () { toggle(button); });
      });
      data.charts.forEach(function (chart) {
        var svg = document.querySelector('#chart-' + chart.id + ' svg');
        svg.addEventListener('pointermove', function (event) {
          var box = svg.getBoundingClientRect();
          var x = (event.clientX - box.left) / box.width * chart.width;
          var share = (x - chart.left) / (chart.right - chart.left);
          share = Math.min(1, Math.max(0, share));
          slider.value = Math.round(share * slider.max);
          move(share);
        });
      });
      move(slider.value / slider.max);
    })();

    """
}
