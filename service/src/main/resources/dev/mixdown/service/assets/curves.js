// The metrics of jobs as curves; the table beside them says the same without.
const place = document.querySelector('.curves');
const COLOURS = ['#4477aa', '#ee6677'];

function card(name) {
  const box = document.createElement('div');
  box.className = 'card';
  const title = document.createElement('h3');
  title.textContent = name;
  const curve = document.createElement('div');
  curve.className = 'curve';
  box.append(title, curve);
  place.append(box);
  return curve;
}

function value(number) {
  return number === 0 ? '0' : String(Number(number.toPrecision(3)));
}

function draw(curve, name, answers) {
  const text = getComputedStyle(document.body).color;
  const those = answers.filter((a) => a.metrics[name]);
  const tables = those.map((a) => [a.steps, a.metrics[name]]);
  const axis = {stroke: text, grid: {stroke: '#88888833'}};
  const plot = new window.uPlot({
    width: curve.clientWidth,
    height: 190,
    scales: {x: {time: false}},
    legend: {show: answers.length > 1},
    axes: [axis, {...axis, size: 64, values: (u, all) => all.map(value)}],
    series: [{label: 'step'}, ...those.map((a) => ({
      label: a.uuid,
      stroke: COLOURS[answers.indexOf(a) % 2],
      width: 1.6,
      spanGaps: true,
    }))],
  }, tables.length > 1 ? window.uPlot.join(tables) : tables[0], curve);
  addEventListener('resize', () => plot.setSize({width: curve.clientWidth, height: 190}));
}

async function read(uuid) {
  const response = await fetch(`/api/v1/jobs/${encodeURIComponent(uuid)}/metrics`);
  return response.ok ? response.json() : {uuid, steps: [], metrics: {}};
}

if (place) {
  const answers = await Promise.all([...new Set(place.dataset.jobs.split(','))].map(read));
  const names = [...new Set(answers.flatMap((a) => Object.keys(a.metrics)))].sort();
  // All cards first: how wide one is depends on the others.
  names.map((name) => [card(name), name]).forEach(([curve, name]) => draw(curve, name, answers));
}
