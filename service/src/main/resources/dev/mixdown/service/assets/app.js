// Times in the reader's zone; what they are in UTC stays to be seen.
for (const time of document.querySelectorAll('time[datetime]')) {
  const at = new Date(time.dateTime);
  if (!Number.isNaN(at.getTime())) {
    time.title = time.textContent.trim();
    time.textContent = at.toLocaleString(undefined, {dateStyle: 'medium', timeStyle: 'short'});
  }
}

// What went wrong, in words.
function words(problem) {
  const detail = problem && problem.detail;
  if (Array.isArray(detail)) {
    return detail.map((d) => `${d.loc.slice(1).join('.')}: ${d.msg}`).join('\n');
  }
  return detail || 'no answer came';
}

// Forms that write: they send JSON, which no page elsewhere can make a browser send.
for (const form of document.querySelectorAll('form[data-api]')) {
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const answer = form.querySelector('.answer');
    const button = form.querySelector('button');
    const body = {};
    for (const [key, value] of new FormData(form)) {
      if (value !== '') {
        body[key] = value;
      }
    }
    button.disabled = true;
    try {
      const response = await fetch(form.dataset.api, {
        method: 'POST',
        headers: {'Content-Type': 'application/json'},
        body: JSON.stringify(body),
      });
      const json = await response.json();
      if (!response.ok) {
        answer.textContent = words(json);
      } else if (form.dataset.then === 'follow') {
        follow(json.id, answer);
      } else {
        location.assign(form.dataset.then || location.href);
      }
    } catch (e) {
      answer.textContent = `The service does not answer: ${e.message}`;
    } finally {
      button.disabled = false;
    }
  });
}

// Long work, as it goes on.
function follow(id, answer) {
  answer.textContent = 'Begun.';
  const events = new EventSource(`/api/v1/work/${id}/events`);
  events.addEventListener('work', (event) => {
    const work = JSON.parse(event.data);
    answer.textContent = work.problem ? words(work.problem) : `${work.state}. ${work.message}`;
    if (work.ended_at) {
      events.close();
      if (work.state === 'done' && work.result && work.result.manifest_id) {
        location.assign(`/manifests/${work.result.manifest_id}`);
      } else if (work.state === 'done' && work.kind === 'leaks') {
        location.assign('/samples');
      } else if (work.state === 'done' && work.result) {
        answer.textContent = `done: ${work.result.samples} samples`;
      }
    }
  });
  events.onerror = () => events.close();
}
for (const running of document.querySelectorAll('[data-work]')) {
  follow(running.dataset.work, running);
}
