// How the drawn page looks, and the script that keeps it fresh.
#include "modules/content/status/drawn_page.h"

namespace preforkd::status {

const std::string_view drawn_page_icon =
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Crect width='16' "
    "height='16' rx='4' fill='%230f7b6c'/%3E%3Cpath d='M3 12V9h2v3zm4 0V6h2v6zm4 0V4h2v8z' "
    "fill='white'/%3E%3C/svg%3E";

const std::string_view drawn_page_style = R"(
:root {
    color-scheme: light dark;
    --paper: #f5f4f0; --card: #fff; --line: #e2dfd7; --ink: #1d2422; --quiet: #67706c;
    --ready: #c3d0c9; --writing: #0f7b6c; --reading: #2f7fc1; --keepalive: #8a6fc9;
    --starting: #d9a514; --leaving: #d0662f; --closing: #7d8a93;
    --letter: #fff;
}
@media (prefers-color-scheme: dark) {
    :root {
        --paper: #121615; --card: #1a201e; --line: #2c3431; --ink: #e6ebe8; --quiet: #94a09b;
        --ready: #3d4b44; --writing: #34b39d; --reading: #5aa5e0; --keepalive: #a48be0;
        --starting: #e2b742; --leaving: #e5834f; --closing: #7f8c95;
        --letter: #121615;
    }
}
* { box-sizing: border-box; }
body {
    margin: 0 auto; max-width: 84rem; padding: 1rem clamp(.75rem, 3vw, 2.5rem) 2rem;
    background: var(--paper); color: var(--ink);
    font: 1rem/1.45 system-ui, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif;
    -webkit-text-size-adjust: 100%;
}
main { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
header { display: flex; flex-wrap: wrap; align-items: baseline; gap: 0 1rem; }
h1 { margin: 0; font-size: 1.6rem; letter-spacing: -.02em; overflow-wrap: anywhere; }
h2 { margin: 0 0 .6rem; font-size: 1.05rem; }
p { margin: 0; }
header p, footer, .quiet { color: var(--quiet); font-size: .88rem; }
footer { margin-top: 1.25rem; }
a { color: inherit; }
.card { padding: 1rem 1.1rem; border: 1px solid var(--line); border-radius: .8rem; background: var(--card); }

.figures {
    display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1px; overflow: hidden;
    border: 1px solid var(--line); border-radius: .8rem; background: var(--line);
}
.figures div { padding: .7rem .9rem; background: var(--card); }
.figures b { display: block; font-size: 1.45rem; line-height: 1.25; letter-spacing: -.01em; white-space: nowrap; font-variant-numeric: tabular-nums; }
.figures span { display: block; font-size: .88rem; }
.figures small { display: block; color: var(--quiet); font-size: .78rem; }

figure { margin: 0 0 1rem; }
figcaption { display: flex; flex-wrap: wrap; gap: 0 1rem; margin-bottom: .35rem; font-size: .88rem; }
.plot { position: relative; height: 8rem; border-bottom: 1px solid var(--line); }
.plot svg { display: block; width: 100%; height: 100%; }
.plot path { vector-effect: non-scaling-stroke; stroke-width: 1.5; stroke-linejoin: round; }
.plot .grid { stroke: var(--line); stroke-width: 1; fill: none; }
.plot .area { stroke: none; }
.plot .line { fill: none; }
.area.idle { fill: var(--ready); }
.area.busy { fill: var(--writing); }
.line.idle { stroke: var(--ready); }
.line.busy { stroke: var(--writing); }
.area.requests { fill: var(--reading); opacity: .2; }
.line.requests { stroke: var(--reading); }
.area.bytes { fill: var(--keepalive); opacity: .2; }
.line.bytes { stroke: var(--keepalive); }
.plot i { position: absolute; left: 0; top: 0; padding: 0 .3rem; border-radius: .2rem; background: var(--card); opacity: .85; color: var(--quiet); font: .72rem/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.plot .half { top: 50%; }
.times { display: grid; grid-template-columns: 1fr auto 1fr; color: var(--quiet); font-size: .75rem; }
.times :last-child { text-align: right; }

.board { display: grid; grid-template-columns: repeat(auto-fill, minmax(1.4rem, 1fr)); gap: .25rem; margin: 0 0 .8rem; padding: 0; list-style: none; }
.board li { display: grid; place-items: center; aspect-ratio: 1; border: 1px solid var(--line); border-radius: .3rem; font: 600 .72rem/1 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
.board li[class] { border-color: transparent; background: var(--state); color: var(--letter); }
.board li.ready { color: var(--ink); }
.ready { --state: var(--ready); }
.writing, .logging { --state: var(--writing); }
.reading, .dns { --state: var(--reading); }
.keepalive { --state: var(--keepalive); }
.starting { --state: var(--starting); }
.graceful, .idle_kill { --state: var(--leaving); }
.closing { --state: var(--closing); }
.key { white-space: nowrap; }
.key::before { content: ""; display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; border: 1px solid var(--state, var(--line)); border-radius: .2rem; vertical-align: -.06rem; background: var(--state, transparent); }
.legend { display: flex; flex-wrap: wrap; gap: .1rem 1rem; color: var(--quiet); font-size: .84rem; }
.legend b { color: var(--ink); font-variant-numeric: tabular-nums; }

table { width: 100%; border-collapse: collapse; table-layout: fixed; font: .82rem/1.5 ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace; }
th { color: var(--quiet); font-weight: 400; text-align: left; }
th, td { padding: .3rem .5rem; border-top: 1px solid var(--line); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
thead th { border-top: 0; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
th:nth-child(1) { width: 5.5rem; }
th:nth-child(2) { width: 8rem; }
th:nth-child(4) { width: 10rem; }
th:nth-child(5) { width: 12rem; }
th:nth-child(6) { width: 5.5rem; }

@media (max-width: 44rem) {
    thead { display: none; }
    tr { display: grid; grid-template-columns: auto 1fr auto; padding: .4rem 0; border-top: 1px solid var(--line); }
    tr:first-child { border-top: 0; }
    td { padding: 0 .6rem 0 0; border: 0; }
    td.number { text-align: left; }
    td:nth-child(2) { grid-column: 2 / 4; }
    td.request { grid-column: 1 / 4; grid-row: 2; white-space: normal; overflow-wrap: anywhere; }
    td:nth-child(4) { color: var(--quiet); }
    td:nth-child(5) { color: var(--quiet); }
    td:nth-child(6) { padding: 0; color: var(--quiet); }
    td:nth-child(6)::before { content: "pid "; }
}
@media (min-width: 44rem) {
    .figures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
}
@media (min-width: 64rem) {
    main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
    header, .figures, .wide { grid-column: 1 / -1; }
    .figures { grid-template-columns: repeat(6, minmax(0, 1fr)); }
}
)";

const std::string_view drawn_page_script = R"(
'use strict';
async function look() {
    const is_selecting = !getSelection().isCollapsed;
    if (!document.hidden && !is_selecting) {
        try {
            const response = await fetch(location.href, { cache: 'no-store' });
            // Not parsed whole: its style has a nonce that this page's policy does not know.
            const main = (await response.text()).match(/<main>[^]*<\/main>/);
            if (response.ok && main) document.querySelector('main').outerHTML = main[0];
        } catch {
            // The server restarts, perhaps: the next look will tell.
        }
    }
    setTimeout(look, 1000);
}
setTimeout(look, 1000);
)";

} // namespace preforkd::status
