/** The report's style sheet. Two colours stand for the two networks, everywhere; both are told apart in grey too. */
export const STYLE = `
:root {
  --page: #fbfbfa; --card: #ffffff; --text: #1d2126; --soft: #5c6570; --line: #dfe3e8; --grid: #eceff2;
  --im2col: #1763c7; --builtin: #d2691e; --lost: #c62839; --ink: #2a2f36; --paper: #f4f5f6;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171b; --card: #1c2026; --text: #e8ebef; --soft: #9aa5b1; --line: #333a43; --grid: #272d35;
    --im2col: #6cb0ff; --builtin: #f2a154; --lost: #ff6b78; --ink: #c9d0d8; --paper: #15181c;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--text); font: 16px/1.55 system-ui, sans-serif; }
main { max-width: 1120px; margin: 0 auto; padding: 40px 24px 64px; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0 0 .4rem; letter-spacing: -.02em; }
h2 { font-size: 1.3rem; margin: 0 0 .3rem; }
h3 { font-size: .95rem; margin: 0; font-weight: 600; font-family: ui-monospace, monospace; }
p { margin: 0 0 .8rem; max-width: 96ch; }
.lead, .note, section > p { color: var(--soft); }
.note { font-size: .85rem; margin-bottom: .3rem; }
.stopped { color: var(--lost); font-weight: 600; }
section { margin-top: 2.6rem; }
.im2col { --series: var(--im2col); } .builtin { --series: var(--builtin); }
.tiles, .charts { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); }
.tiles { margin-top: 1.4rem; }
.tile, .charts figure, .digits { background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
.tile { padding: 16px 20px; border-left: 5px solid var(--series); }
.tile p { margin: 0; color: var(--soft); } .tile b { color: var(--text); }
.tile .big { font-size: 2.3rem; line-height: 1.3; font-weight: 650; color: var(--series); font-variant-numeric: tabular-nums; }
figure { margin: 0; } figcaption { color: var(--soft); font-size: .85rem; }
.charts figure { padding: 14px 14px 8px; }
.charts figcaption { color: var(--text); font-weight: 600; font-size: 1rem; padding-left: 6px; }
figcaption small { color: var(--soft); font-weight: 400; font-size: .82rem; margin-left: .4em; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
.gridline { stroke: var(--grid); } .axis { stroke: var(--line); }
.mark { stroke: var(--soft); stroke-dasharray: 5 4; }
.curve { fill: none; stroke: var(--series); stroke-linejoin: round; }
.curve.builtin { stroke-width: 6; opacity: .45; } .curve.im2col { stroke-width: 2; stroke-dasharray: 6 4; }
.legend { list-style: none; margin: 4px 6px 6px; padding: 0; display: flex; flex-wrap: wrap; gap: 2px 18px; color: var(--soft); font-size: .85rem; }
.legend li { display: flex; align-items: center; gap: 8px; } .legend svg { width: 56px; flex: none; }
.point.im2col { fill: var(--series); } .point.builtin { fill: none; stroke: var(--series); stroke-width: 2.4; }
.digits { padding: 16px 20px; margin-top: 14px; border-left: 5px solid var(--series); }
.digits .row { display: grid; grid-template-columns: repeat(5, 1fr); gap: 14px; margin-top: 10px; }
.digits svg { border-radius: 6px; background: var(--paper); }
.digits figcaption { margin-top: 4px; text-align: center; }
.ink { fill: var(--ink); } .dot { fill: var(--series); } .lost { fill: var(--lost); fill-opacity: .3; }
.filters { display: grid; gap: 16px; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); }
.filters figure { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--series, var(--line)); border-radius: 10px; padding: 14px 16px; }
.filters figcaption { margin-bottom: 8px; } .paper { fill: var(--paper); }
.digits.misread { border-left-color: var(--series, var(--line)); }
.digits.misread .row { grid-template-columns: repeat(auto-fill, minmax(84px, 1fr)); }
.key { display: inline-block; width: 11px; height: 11px; border-radius: 50%; background: currentColor; vertical-align: -1px; }
.key.lost { border-radius: 2px; background: var(--lost); opacity: .45; }
.key.sizes { width: auto; background: none; white-space: nowrap; }
.key.sizes i { display: inline-block; border-radius: 50%; background: currentColor; margin-right: 3px; vertical-align: middle; width: 4px; height: 4px; }
.key.sizes i:nth-child(2) { width: 8px; height: 8px; } .key.sizes i:nth-child(3) { width: 12px; height: 12px; }
.scroll { overflow-x: auto; margin-bottom: .8rem; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: 7px 12px; border-bottom: 1px solid var(--line); text-align: right; }
tbody th { text-align: left; font-weight: 400; } thead th { font-family: ui-monospace, monospace; font-size: .9rem; }
@media (max-width: 700px) { .digits:not(.misread) .row { grid-template-columns: repeat(2, 1fr); } main { padding: 24px 14px; }
  .charts svg text { font-size: 19px; } .charts svg .axis-title { display: none; } .charts figure { padding: 12px 6px; }
  table { font-size: .8rem; } th, td { padding: 6px 4px; } thead th { font-size: .75rem; overflow-wrap: anywhere; } }
`;
