// The looks of the progress page: light and dark, on a screen at some metres, on paper.
#pragma once

#include <string_view>

namespace idchip::report {

// White on each of the states' colours has a contrast of 4.5 or more. Every state has a word and a sign as well.
constexpr std::string_view progress_style = R"css(
:root { color-scheme: light dark;
  --paper: #ffffff; --ink: #16202b; --soft: #55616e; --rule: #cfd6dd; --band: #f3f5f7;
  --issued: #1f5fa8; --plan: #6d7883; --mark: #b3261e;
  --overdue: #b3261e; --stalled: #6b4ba1; --late: #95560a; --on_time: #1f5fa8; --not_started: #5c6670; --finished: #1a7a3a;
  --not_in_plan: #5c6670; }
@media (prefers-color-scheme: dark) { :root {
  --paper: #10161d; --ink: #eef2f6; --soft: #a9b4bf; --rule: #36424e; --band: #1a232c;
  --issued: #6fb1ff; --plan: #9aa6b2; --mark: #ff8a80; } }
* { box-sizing: border-box; }
html { font-size: clamp(16px, 0.75rem + 0.6vw, 26px); }
body { margin: 0 auto; padding: 1.5rem 2rem 3rem; max-width: 110rem; background: var(--paper); color: var(--ink);
  font-family: system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; line-height: 1.35; }
h1 { font-size: 2rem; margin: 0; line-height: 1.15; overflow-wrap: anywhere; }
h2 { font-size: 1.35rem; margin: 2.5rem 0 0.8rem; }
p { margin: 0.3rem 0; }
.soft { color: var(--soft); }
.badge { display: inline-block; padding: 0.1em 0.55em; border-radius: 0.3em; font-weight: 600; white-space: nowrap; color: #fff; }
.overdue { background: var(--overdue); } .stalled { background: var(--stalled); } .late { background: var(--late); }
.on_time { background: var(--on_time); } .not_started { background: var(--not_started); } .finished { background: var(--finished); }
.not_in_plan { background: var(--not_in_plan); }
.figures { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: 1rem; margin: 1.5rem 0 0; }
.figures div { border: 1px solid var(--rule); border-top: 0.35rem solid var(--issued); border-radius: 0.4rem; padding: 0.7rem 1rem; }
.figures dt { color: var(--soft); font-size: 1rem; }
.figures dd { margin: 0; }
.figures .big { font-size: clamp(1.6rem, 2.7vw, 3rem); font-weight: 700; line-height: 1.15; white-space: nowrap;
  font-variant-numeric: tabular-nums; }
.chart { display: block; width: 100%; height: auto; }
.chart text { font-size: 20px; fill: var(--ink); stroke: var(--paper); stroke-width: 6px; stroke-linejoin: round; }
.chart .scale { fill: var(--soft); }
.chart .count, .chart .end { text-anchor: end; } .chart .day { text-anchor: middle; }
.chart line, .chart polyline { fill: none; background: none; }
.chart .grid { stroke: var(--rule); stroke-width: 1; }
.chart .target { stroke: var(--ink); stroke-width: 1.5; }
.chart .deadline { stroke: var(--mark); stroke-width: 3; }
.chart .today { stroke: var(--soft); stroke-width: 2; }
.chart .plan { stroke: var(--plan); stroke-width: 4; stroke-dasharray: 2 7; stroke-linecap: round; }
.chart .issued { stroke: var(--issued); stroke-width: 5; stroke-linejoin: round; }
.chart .forecast { stroke: var(--issued); stroke-width: 4; stroke-dasharray: 16 10; }
.chart .now { fill: var(--issued); }
.states { list-style: none; display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0; margin: 0 0 1rem; }
.tiles { list-style: none; display: grid; grid-template-columns: repeat(auto-fill, minmax(12rem, 1fr)); grid-auto-rows: 1fr;
  gap: 0.6rem; padding: 0; margin: 0; }
.tiles li { border-radius: 0.4rem; padding: 0.6rem 0.8rem; color: #fff; display: flex; flex-direction: column; break-inside: avoid; }
.tiles .sign { font-size: 0.95rem; }
.tiles .share { font-size: 2.1rem; font-weight: 700; line-height: 1.1; }
.tiles .unit { font-size: 1.1rem; font-weight: 600; overflow-wrap: anywhere; }
.tiles .in, .tiles .days { font-size: 0.9rem; overflow-wrap: anywhere; }
.tiles .days { margin-top: auto; padding-top: 0.3rem; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 0.9rem; font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.55rem; text-align: left; border-bottom: 1px solid var(--rule); }
thead th { background: var(--band); border-bottom: 2px solid var(--soft); white-space: nowrap; }
tbody th { font-weight: 600; min-width: 10rem; overflow-wrap: break-word; }
td { white-space: nowrap; }
.short { width: auto; }
.number { text-align: right; }
.sum th, .sum td { border-bottom: 2px solid var(--soft); font-weight: 700; background: var(--band); }
@media (max-width: 60em) { .figures { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  body { padding: 1rem; } }
@media (max-width: 32em) { .figures { grid-template-columns: 1fr; } }
@media print {
  :root { color-scheme: light; --paper: #fff; --ink: #000; --soft: #444; --rule: #bbb; --band: #f3f3f3; --issued: #1f5fa8; --plan: #666;
    --mark: #b3261e; }
  html { font-size: 10pt; }
  body { padding: 0; max-width: none; }
  h2 { break-after: avoid; }
  thead { display: table-header-group; }
  tr, .figures div, .chart { break-inside: avoid; }
  .badge, .tiles li { background: none; color: #000; border: 1px solid #000; }
  .figures { grid-template-columns: repeat(3, minmax(0, 1fr)); }
  .figures .big { font-size: 18pt; }
  .tiles { grid-template-columns: repeat(5, 1fr); }
  .wide { overflow: visible; }
  table { font-size: 8pt; }
  th, td { padding: 0.25rem 0.35rem; }
  tbody th { min-width: 0; }
}
)css";

}  // namespace idchip::report
