// The style of report.html: light and dark, from a phone's width to paper.
#pragma once

namespace fovea::tools {

inline constexpr const char* kReportStyle = R"css(
:root { color-scheme: light dark; --paper: #ffffff; --page: #f4f6f8; --ink: #1b2127; --soft: #56616c; --line: #d5dbe1;
  --accent: #1e528c; --bar: #1e528c; --bar-back: #dde5ee; --warn: #b22222; --warn-ink: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --paper: #1a1f25; --page: #12161a; --ink: #e6eaee; --soft: #a3aeb9;
  --line: #353e48; --accent: #8fbcf0; --bar: #7fb0ea; --bar-back: #303944; --warn: #b22222; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 16px/1.5 system-ui, "DejaVu Sans", sans-serif; }
main, header { max-width: 1120px; margin: 0 auto; padding: 0 16px; }
header { padding-top: 24px; }
.mark { background: var(--warn); color: var(--warn-ink); font-weight: 700; text-align: center; padding: 8px 16px;
  position: sticky; top: 0; z-index: 1; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 4px; }
h2 { font-size: 1.25rem; margin: 0 0 12px; }
h3 { font-size: 1rem; margin: 16px 0 8px; }
p { margin: 0 0 12px; max-width: 75ch; }
.soft { color: var(--soft); }
section { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 20px; margin: 20px 0; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 20px 0; }
.tile { background: var(--paper); border: 1px solid var(--line); border-radius: 8px; padding: 12px 16px; }
.tile b { display: block; font-size: 1.6rem; line-height: 1.3; font-variant-numeric: tabular-nums; }
.tile span { display: block; font-size: .85rem; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 5px 12px 5px 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th { font-weight: 600; }
td:last-child, th:last-child { padding-right: 0; }
td.n, th.n { text-align: right; white-space: nowrap; }
.tables { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 470px), 1fr)); gap: 8px 32px;
  margin-bottom: 16px; }
.tables > div { min-width: 0; }
.tables h3 { color: var(--accent); margin: 8px 0 0; }
td.long, td.any { overflow-wrap: anywhere; }
td.long { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .82rem; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 460px), 1fr)); gap: 20px; }
figure { margin: 0; }
figure img { display: block; width: 100%; height: auto; background: #ffffff; border: 1px solid var(--line);
  border-radius: 4px; }
figcaption { font-size: .88rem; color: var(--soft); margin-top: 6px; }
.cases { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 14px; padding: 0;
  margin: 0; list-style: none; }
.case { display: grid; grid-template-columns: 112px minmax(0, 1fr); gap: 12px; border: 1px solid var(--line);
  border-radius: 6px; padding: 10px; font-size: .88rem; }
.case img, .case .none { width: 112px; height: 112px; object-fit: contain; background: #000000; border-radius: 4px; }
.case .none { display: flex; align-items: center; justify-content: center; text-align: center; background: var(--page);
  color: var(--soft); font-size: .8rem; }
.case .id { font-weight: 600; overflow-wrap: anywhere; }
.bars { display: grid; grid-template-columns: auto minmax(0, 1fr) auto; gap: 2px 6px; align-items: center;
  margin-top: 6px; font-size: .8rem; font-variant-numeric: tabular-nums; }
.bar { height: 8px; background: var(--bar-back); border-radius: 2px; }
.bar i { display: block; height: 100%; background: var(--bar); border-radius: 2px; min-width: 1px; }
footer { max-width: 1120px; margin: 0 auto; padding: 0 16px 32px; font-size: .85rem; color: var(--soft); }
@media (max-width: 480px) { section { padding: 14px; } h1 { font-size: 1.4rem; } .tile { padding: 10px 12px; }
  .tiles { grid-template-columns: 1fr 1fr; } }
@media print { :root { color-scheme: light; --paper: #ffffff; --page: #ffffff; --ink: #000000; --soft: #444444;
  --line: #bbbbbb; --accent: #000000; --bar: #333333; --bar-back: #dddddd; }
  @page { size: A4; margin: 15mm; } body { font-size: 10pt; } main, header, footer { max-width: none; padding: 0; }
  .mark { position: static; color: #000000; background: #ffffff; border: 2px solid #000000; }
  section { border: 0; padding: 0; margin: 14pt 0; } h2, h3 { break-after: avoid; }
  figure, .case, .tile, tr { break-inside: avoid; } .scroll { overflow: visible; }
  .pictures { grid-template-columns: 1fr 1fr; } .cases { grid-template-columns: 1fr 1fr; }
  .bar, .bar i, figure img, .case img { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
)css";

}  // namespace fovea::tools
