// Asks /server-status?json once a second, and shows the pool, its traffic and what changed.
'use strict';

const seconds_shown = 180;
const letters = {
    '.': 'dead', S: 'starting', _: 'ready', R: 'reading', W: 'writing', K: 'keepalive',
    L: 'logging', D: 'dns', C: 'closing', G: 'graceful', I: 'idle_kill',
};
const states = {
    ready: ['', 'ready'], starting: ['S', 'starting'], reading: ['R', 'reading'],
    writing: ['W', 'answering'], keepalive: ['K', 'keep-alive'], logging: ['L', 'logging'],
    dns: ['D', 'looking up'], closing: ['C', 'closing'], graceful: ['G', 'finishing'],
    idle_kill: ['I', 'leaving'],
};

const element = id => document.getElementById(id);
const history = []; // {time, busy, idle, rate, reload}
let before = null;  // the last status, with the time it came
let facts = {
    preforkd: 'preforkd', configuration: '/etc/preforkd/prefork.conf',
    error_log: '/var/log/preforkd/error.log', pid_file: '/run/preforkd/preforkd.pid',
};

// The status as the page wants it, whatever is missing from it.
function read_status(json) {
    const slots = (Array.isArray(json.slots) ? json.slots : []).map((slot, index) => ({
        slot: number(slot.slot, index),
        pid: number(slot.pid, 0),
        state: letters[slot.state] || String(slot.state || 'dead').toLowerCase(),
        requests: number(slot.requests, 0),
        client: text(slot.client),
        request: text(slot.request),
    }));
    const alive = slots.filter(slot => slot.pid > 0 && slot.state !== 'dead');
    const idle = alive.filter(slot => slot.state === 'ready' || slot.state === 'starting').length;
    return {
        time: Date.now(),
        server: text(json.server),
        uptime: number(json.uptime_seconds, 0),
        generation: number(json.generation, 0),
        requests: number(json.total_requests, 0),
        limit: Math.max(number(json.limit, 0), ...slots.map(slot => slot.slot + 1), 1),
        busy: number(json.busy, alive.length - idle),
        idle: number(json.idle, idle),
        alive,
    };
}
function number(value, otherwise) {
    return Number.isFinite(Number(value)) && value !== null && value !== '' ? Number(value) : otherwise;
}
function text(value) {
    return value === undefined || value === null ? '' : String(value);
}

async function look() {
    try {
        const response = await fetch('/server-status?json', { cache: 'no-store' });
        if (!response.ok) throw new Error('status ' + response.status);
        show(read_status(await response.json()));
    } catch (problem) {
        lose(problem);
    }
    setTimeout(look, 1000);
}

function show(now) {
    const pulse = element('pulse');
    if (pulse.classList.contains('lost')) say('The server answers again.', 'note');
    pulse.className = 'pulse live';
    pulse.textContent = now.server || 'live';

    const elapsed = before ? (now.time - before.time) / 1000 : 0;
    const answered = before ? now.requests - before.requests : 0;
    const rate = elapsed > 0 && answered >= 0 ? answered / elapsed : 0;
    const reload = Boolean(before) && before.generation !== now.generation;
    history.push({ time: now.time, busy: now.busy, idle: now.idle, rate, reload });
    while (history[0].time < now.time - seconds_shown * 1000) history.shift();

    show_figures(now, rate);
    show_slots(now);
    show_children(now);
    show_charts(now.time);
    if (before) tell_changes(before, now, reload);
    before = now;
    write_commands();
}

function lose(problem) {
    const pulse = element('pulse');
    if (!pulse.classList.contains('lost')) say('No answer from the server: ' + problem.message, 'alarm');
    pulse.className = 'pulse lost';
    pulse.textContent = 'no answer';
}

function show_figures(now, rate) {
    element('busy').textContent = now.busy;
    element('idle').textContent = now.idle;
    element('rate').textContent = rate < 10 ? rate.toFixed(1) : short(rate);
    element('total').textContent = short(now.requests);
    element('generation').textContent = now.generation;
    element('uptime').textContent = duration(now.uptime);
}
function short(value) {
    if (value < 100000) return Math.round(value).toLocaleString('en');
    if (value < 1e6) return Math.round(value / 1e3) + ' k';
    return (value / 1e6).toFixed(value < 1e8 ? 1 : 0) + ' M';
}
function duration(total) {
    const days = Math.floor(total / 86400), hours = Math.floor(total / 3600) % 24;
    const minutes = Math.floor(total / 60) % 60, rest = Math.floor(total) % 60;
    if (days) return `${days} d ${hours} h`;
    if (hours) return `${hours} h ${minutes} m`;
    return minutes ? `${minutes} m ${rest} s` : `${rest} s`;
}

function show_slots(now) {
    const box = element('slots');
    const shown = Math.min(now.limit, 512);
    while (box.children.length < shown) box.append(make('div', 'slot'));
    while (box.children.length > shown) box.lastChild.remove();
    const by_slot = new Map(now.alive.map(slot => [slot.slot, slot]));
    [...box.children].forEach((square, index) => {
        const slot = by_slot.get(index);
        if (!slot) {
            delete square.dataset.state;
            square.textContent = '';
            square.title = `slot ${index}: free`;
            return;
        }
        const [letter, word] = states[slot.state] || ['?', slot.state];
        square.dataset.state = slot.state;
        square.textContent = letter;
        square.title = `slot ${index}: child ${slot.pid}, ${word}, ${slot.requests} requests`;
    });
    show_legend(now);
}
function show_legend(now) {
    const counts = {};
    for (const slot of now.alive) counts[slot.state] = (counts[slot.state] || 0) + 1;
    const entries = Object.keys(states).filter(state => counts[state]).map(state => {
        const entry = make('li');
        entry.dataset.state = state;
        entry.append(make('i'), states[state][1] + ' ', make('b', '', counts[state]));
        return entry;
    });
    const free = make('li', '', 'free ');
    free.append(make('b', '', Math.max(now.limit - now.alive.length, 0)));
    element('legend').replaceChildren(...entries, free);
}

function show_children(now) {
    const head = row('pid', 'state', 'last request', 'served');
    for (const cell of head.children) cell.classList.add('head');
    const rows = [...now.alive].sort((one, other) => one.slot - other.slot).map(slot => {
        const [, word] = states[slot.state] || ['?', slot.state];
        const line = row(slot.pid, word, slot.request || '–', short(slot.requests));
        line.dataset.state = slot.state;
        line.children[1].classList.add('state');
        line.children[2].title = [slot.client, slot.request].filter(Boolean).join('  ');
        return line;
    });
    element('children').replaceChildren(head, ...rows);
}
function row(...cells) {
    const line = make('div', 'row');
    line.append(...cells.map(cell => make('span', '', cell)));
    line.lastChild.classList.add('count');
    return line;
}

// Both charts: time to the left, the newest sample at the right edge.
function show_charts(now) {
    const most_children = Math.max(4, ...history.map(sample => sample.busy + sample.idle));
    const most_requests = Math.max(4, ...history.map(sample => sample.rate));
    draw('pool-chart', now, nice(most_children), (area, reloads) =>
        area(sample => sample.busy + sample.idle, 'idle') + area(sample => sample.busy, 'busy') + reloads);
    draw('rate-chart', now, nice(most_requests), (area, reloads, line) =>
        area(sample => sample.rate, 'under') + line(sample => sample.rate, 'rate') + reloads);
}
function draw(id, now, most, content) {
    const chart = element(id);
    const width = chart.clientWidth || 600, height = chart.clientHeight || 112;
    const x = sample => (width * (1 - (now - sample.time) / (seconds_shown * 1000))).toFixed(1);
    const y = value => (height * (1 - value / most)).toFixed(1);
    const points = of => history.map(sample => `${x(sample)},${y(of(sample))}`).join(' L');
    const area = (of, name) =>
        `<path class="${name}" d="M${x(history[0])},${height} L${points(of)} L${width},${height} Z"/>`;
    const line = (of, name) => `<path class="${name}" d="M${points(of)}"/>`;
    const reloads = history.filter(sample => sample.reload).map(sample =>
        `<line class="reload" x1="${x(sample)}" x2="${x(sample)}" y1="0" y2="${height}"/>`).join('');
    const grid = [0.5, 1].map(part =>
        `<line class="grid" x1="0" x2="${width}" y1="${y(most * part)}" y2="${y(most * part)}"/>`).join('');
    const labels = [0.5, 1].map(part =>
        `<text x="2" y="${Number(y(most * part)) + 13}">${short(most * part)}</text>`).join('');
    chart.setAttribute('viewBox', `0 0 ${width} ${height}`);
    chart.innerHTML = grid + content(area, reloads, line) + labels;
}
function nice(value) {
    const power = 10 ** Math.floor(Math.log10(value));
    return [1, 2, 4, 6, 8, 10].map(step => step * power).find(step => step >= value);
}

function tell_changes(old, now, reload) {
    if (now.uptime + 2 < old.uptime) say('The server was started anew.', 'note');
    else if (reload) say(`Generation ${now.generation}: the configuration was reread.`, 'note');
    const pids = status => new Set(status.alive.map(slot => slot.pid));
    const were = pids(old), are = pids(now);
    tell_children([...are].filter(pid => !were.has(pid)), 'started');
    tell_children([...were].filter(pid => !are.has(pid)), 'left');
}
function tell_children(some, verb) {
    if (some.length === 1) say(`Child ${some[0]} ${verb}.`);
    if (some.length > 1) {
        const rest = some.length - 3;
        say(`${some.length} children ${verb}: ${some.slice(0, 3).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}.`);
    }
}
function say(sentence, kind = '') {
    const list = element('events');
    list.querySelector('.quiet')?.remove();
    const entry = make('li', kind);
    entry.append(make('time', '', new Date().toTimeString().slice(0, 8)), sentence);
    list.prepend(entry);
    while (list.children.length > 40) list.lastChild.remove();
}

// Commands are shown as they are to be typed here: with this server's files and a living pid.
function write_commands() {
    const idle = before?.alive.find(slot => slot.state === 'ready') || before?.alive[0];
    const values = { ...facts, origin: location.origin, pid: idle ? idle.pid : 'PID' };
    for (const box of document.querySelectorAll('[data-command]')) {
        const command = box.dataset.command.replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);
        if (!box.firstChild) box.append(make('span'), copy_button(box));
        if (box.firstChild.textContent !== command) box.firstChild.textContent = command;
    }
    for (const code of document.querySelectorAll('code'))
        code.textContent = code.textContent.replace('{origin}', location.origin);
}
function copy_button(box) {
    const button = make('button', '', 'Copy');
    button.type = 'button';
    button.onclick = async () => {
        button.textContent = await copy(box.firstChild) ? 'Copied' : 'Selected';
        setTimeout(() => { button.textContent = 'Copy'; }, 1500);
    };
    return button;
}
// Only secure origins have a clipboard; elsewhere the text is left selected.
async function copy(node) {
    getSelection().selectAllChildren(node);
    try {
        await navigator.clipboard.writeText(node.textContent);
        return true;
    } catch {
        return false;
    }
}

element('load').onclick = async event => {
    const button = event.currentTarget, state = element('load-state');
    const total = 600, started = performance.now();
    let sent = 0, lost = 0;
    button.disabled = true;
    const client = async () => {
        while (sent < total) {
            const number = ++sent;
            try {
                const response = await fetch('style.css?' + number, { cache: 'no-store' });
                await response.arrayBuffer();
                if (!response.ok) lost++;
            } catch {
                lost++;
            }
            if (number % 20 === 0) state.textContent = `${number} of ${total}`;
        }
    };
    await Promise.all(Array.from({ length: 12 }, client));
    const spent = (performance.now() - started) / 1000;
    state.textContent = `${total} requests in ${spent.toFixed(1)} s, ${lost} lost`;
    button.disabled = false;
};

function make(tag, name = '', content = '') {
    const made = document.createElement(tag);
    if (name) made.className = name;
    made.textContent = content;
    return made;
}

// Where the page lies ("/" or "/demo/"), the facts lie in /demo/.
fetch('/demo/facts.json', { cache: 'no-store' })
    .then(response => response.ok ? response.json() : {})
    .then(found => { facts = { ...facts, ...found }; })
    .catch(() => {})
    .finally(write_commands);
look();
