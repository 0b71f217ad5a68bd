// The style of report.html: light and dark, from a phone's width to paper.
#pragma once

namespace fovea::tools {

// Charts are drawn 300 px wide (kReportWidth) and never shown smaller than that, so their texts are never below 12 px:
// on a phone one column of them, on a tablet two, on a screen three.
// What scrolls has a shadow at the edge behind which there is more: two backgrounds that scroll along with the content
// cover the shadows at its ends.
inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --page: #f4f6f8; --ink: #1b2127; --soft: #4b555f; --line: #d5dbe1;
  --accent: #1e528c; --bar: #1e528c; --bar-back: #dde5ee; --warn: #b22222; --warn-ink: #ffffff;
  --shadow: rgba(0, 0, 0, .32); }
@media (prefers-color-scheme: dark) { :root { --paper: #1a1f25; --page: #12161a; --ink: #e6eaee; --soft: #a3aeb9;
  --line: #353e48; --accent: #8fbcf0; --bar: #7fb0ea; --bar-back: #303944; --shadow: rgba(0, 0, 0, .8); } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main, header { max-width: 1120px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
.mark { background: var(--warn); color: var(--warn-ink); font-weight: 700; text-align: center; padding: 8px 16px;
  position: sticky; top: 0; z-index: 2; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; overflow-wrap: anywhere; }
h2 { font-size: 1.25rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 16px 0 8px; overflow-wrap: anywhere; }
.date { white-space: nowrap; }
p { margin: 0 0 12px; max-width: 75ch; overflow-wrap: anywhere; }
.soft { color: var(--soft); }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 20px; margin: 20px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
.tile { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: .85rem; color: var(--soft); }
.scroll { overflow-x: auto; background:
  linear-gradient(to right, var(--paper) 40%, transparent) left / 48px 100% no-repeat local,
  linear-gradient(to left, var(--paper) 40%, transparent) right / 48px 100% no-repeat local,
  linear-gradient(to right, var(--shadow), transparent) left / 16px 100% no-repeat scroll,
  linear-gradient(to left, var(--shadow), transparent) right / 16px 100% no-repeat scroll; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
tbody th { font-weight: 400; }
td:last-child, thead th:last-child { padding-right: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
td.n > span, th.n > span { display: inline-block; }
.interval { min-width: 8.6em; color: var(--soft); }
.interval:empty { min-width: 0; }
.interval small { display: inline-block; max-width: 9.5em; font-size: inherit; white-space: normal; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 500px), 1fr)); gap: 8px 32px;
  margin-bottom: 16px; }
.tables > div { min-width: 0; }
.tables h3 { color: var(--accent); margin: 8px 0 0; }
.scroll td, .scroll th { min-width: 5em; max-width: 24em; overflow-wrap: break-word; }
td.long { overflow-wrap: anywhere; font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .82rem; }
.facts th { width: 10em; overflow-wrap: anywhere; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); gap: 24px 28px; }
figure { margin: 0; min-width: 0; container-type: inline-size; }
figure h3 { margin: 0 0 6px; }
figure.wide { grid-column: 1 / -1; }
svg { display: block; width: 100%; min-width: 300px; max-width: 420px; height: auto; background: #ffffff; }
.wide svg { width: auto; max-width: none; min-width: 0; }
.hint { display: none; font-size: .88rem; font-weight: 600; color: var(--accent); margin: 0 0 4px; }
figcaption { font-size: .88rem; color: var(--soft); margin-top: 6px; max-width: 75ch; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 14px; padding: 0;
  margin: 0; list-style: none; }
.case { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 12px; border: 1px solid var(--line);
  border-radius: 6px; padding: 10px; font-size: .88rem; overflow-wrap: anywhere; }
.case img { width: 112px; height: 112px; object-fit: contain; background: #000000; border-radius: 4px; }
.case.plain { grid-template-columns: minmax(0, 1fr); }
.case .id { font-weight: 600; }
.bars { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px 6px; align-items: center;
  margin-top: 6px; font-size: .8rem; font-variant-numeric: tabular-nums; }
.bar { height: 8px; background: var(--bar-back); border-radius: 2px; }
.bar i { display: block; height: 100%; background: var(--bar); border-radius: 2px; min-width: 1px; }
footer { max-width: 1120px; margin: 0 auto; padding: 0 16px 32px; font-size: .85rem; color: var(--soft); }
@media screen and (max-width: 480px) { main, header { padding: 0 12px; } section { padding: 14px; } h1 { font-size: 1.4rem; }
  .tile { padding: 10px 12px; } .tiles { grid-template-columns: 1fr 1fr; } .interval { min-width: 0; }
  td.n > span, th.n > span { display: block; } }
@media print { :root { color-scheme: light; --paper: #ffffff; --page: #ffffff; --ink: #000000; --soft: #333333;
  --line: #bbbbbb; --accent: #000000; --bar: #333333; --bar-back: #dddddd; }
  @page { size: A4; margin: 13mm 15mm; } body { font-size: 10pt; } main, header, footer { max-width: none; padding: 0; }
  .mark { position: static; color: #000000; background: #ffffff; border: 2px solid #000000; margin-bottom: 12pt; }
  header { padding-top: 0; } .tiles { grid-template-columns: repeat(3, 1fr); gap: 6pt; margin: 10pt 0; }
  .tile { padding: 4pt 8pt; } .tile b { font-size: 1.3rem; }
  section { border: 0; padding: 0; margin: 14pt 0; } h2, h3 { break-after: avoid; } thead { display: table-header-group; }
  figure, .case, .tile, tr, .tables > div { break-inside: avoid; } .scroll { overflow: visible; background: none; }
  .scroll td { min-width: 0; overflow-wrap: anywhere; } .scroll th { min-width: 0; } svg, .wide svg { max-width: 100%; min-width: 0; }
  .hint { display: none !important; } .cases { grid-template-columns: 1fr 1fr; }
  .pictures { display: block; columns: 2; column-gap: 20pt; } figure { margin-bottom: 16pt; }
  figure.wide { column-span: all; }
  .tables { grid-template-columns: 1fr; }
  p { orphans: 3; widows: 3; } p:has(+ .cases) { break-after: avoid; } tbody tr:nth-child(-n + 2) { break-after: avoid; }
  svg, .bar, .bar i, .case img { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

}  // namespace fovea::tools
