// The metrics of jobs as curves; the table beside them says the same without.

const place = document.querySelector('.curves');

async function draw() {
  const jobs = place.dataset.jobs.split(',');
  const answers = await Promise.all(jobs.map(async (uuid) => {
    const response = await fetch(`/api/v1/jobs/${encodeURIComponent(uuid)}/metrics`);
    return response.ok ? response.json() : {uuid, steps: [], metrics: {}};
  }));
  const names = [...new Set(answers.flatMap((a) => Object.keys(a.metrics)))].sort();
  const text = getComputedStyle(document.body).color;
  const colours = ['#4477aa', '#ee6677'];
  for (const name of names) {
    const those = answers.filter((a) => a.metrics[name]);
    const tables = those.map((a) => [a.steps, a.metrics[name]]);
    const card = document.createElement('div');
    card.className = 'card';
    const title = document.createElement('h3');
    title.textContent = name;
    const curve = document.createElement('div');
    curve.className = 'curve';
    card.append(title, curve);
    place.append(card);
    const data = tables.length > 1 ? window.uPlot.join(tables) : tables[0];
    const axis = {stroke: text, grid: {stroke: '#88888833'}};
    new window.uPlot({
      width: curve.clientWidth || 320,
      height: 190,
      scales: {x: {time: false}},
      axes: [axis, {...axis, size: 64}],
      series: [{label: 'step'}, ...those.map((a) => ({
        label: answers.length > 1 ? a.uuid : name,
        stroke: colours[answers.indexOf(a) % 2],
        width: 1.6,
        spanGaps: true,
      }))],
    }, data, curve);
  }
}

if (place) {
  draw();
}
