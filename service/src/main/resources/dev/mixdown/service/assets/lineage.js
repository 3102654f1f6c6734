// Zoom, and a panel for what is clicked; without this, nodes are links.
const picture = document.querySelector('.picture');
const svg = picture && picture.querySelector('svg');
const panel = document.querySelector('aside.panel');

if (svg) {
  const width = Number(svg.getAttribute('width'));
  const height = Number(svg.getAttribute('height'));
  let scale = 1;
  const zoom = (factor) => {
    scale = Math.min(4, Math.max(0.1, scale * factor));
    svg.setAttribute('width', width * scale);
    svg.setAttribute('height', height * scale);
  };
  for (const button of document.querySelectorAll('button[data-zoom]')) {
    button.hidden = false;
    button.addEventListener('click', () => {
      const how = button.dataset.zoom;
      if (how === 'fit') {
        zoom(Math.min(1, (picture.clientWidth - 20) / (width * scale)));
      } else {
        zoom(Number(how));
      }
    });
  }
  picture.addEventListener('wheel', (event) => {
    if (event.ctrlKey) {
      event.preventDefault();
      zoom(event.deltaY < 0 ? 1.1 : 0.9);
    }
  }, {passive: false});
  for (const node of svg.querySelectorAll('a[data-id]')) {
    node.addEventListener('click', (event) => {
      if (!event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        show(node);
      }
    });
  }
}

function show(node) {
  const {kind, id, title, detail} = node.dataset;
  panel.replaceChildren();
  const head = document.createElement('h2');
  head.textContent = kind;
  panel.append(head);
  for (const text of [title, detail, id].filter((t, i, all) => t && all.indexOf(t) === i)) {
    const line = document.createElement('p');
    line.textContent = text;
    panel.append(line);
  }
  const links = [['What is around it', `/lineage?node=${encodeURIComponent(id)}`]];
  if (kind === 'manifest') {
    links.push(['The manifest', `/manifests/${encodeURIComponent(id)}`]);
  } else if (kind === 'training') {
    links.push(['The job', `/jobs/${encodeURIComponent(id)}`]);
  } else if (kind === 'dataset version') {
    links.push(['Versions', `/data#${encodeURIComponent(id)}`]);
  }
  for (const [text, href] of links) {
    const paragraph = document.createElement('p');
    const link = document.createElement('a');
    link.href = href;
    link.textContent = text;
    paragraph.append(link);
    panel.append(paragraph);
  }
  document.querySelector('.split').classList.add('with-panel');
  panel.tabIndex = -1;
  panel.focus();
}
