/** The look of the report: one style sheet, light and dark by the reader's setting, nothing loaded from elsewhere. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #fbfbf9; --card: #ffffff; --ink: #1d2230; --soft: #626b7d; --line: #e3e4e0; --grid: #ecece8;
  --good: #1f7a4d; --good-back: #e6f3ec; --bad: #8f5200; --bad-back: #fdf0d8; --ours: #b3261e; --ours-back: #fbe4e2;
  --lost: #c2571a; --misplaced: #7e57c2; --invented: #5f7ea6;
  --cpu: #2f6fd0; --wasm: #7b4fd0; --webgl: #0d8a8a; --webgpu: #c2571a; --node: #4d7c1f;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #14171d; --card: #1c2028; --ink: #e8eaf0; --soft: #9aa3b5; --line: #2e3440; --grid: #272c36;
    --good: #7fd3a6; --good-back: #17322a; --bad: #f2c078; --bad-back: #3a2c14; --ours: #ff9d94; --ours-back: #451d1b;
    --lost: #f08c4f; --misplaced: #b49af0; --invented: #8fb1dd;
    --cpu: #7db0ff; --wasm: #b79bff; --webgl: #5ccaca; --webgpu: #f2a06a; --node: #a5cf6e;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; }
main { max-width: 1200px; margin: 0 auto; padding: 40px 20px 64px; }
h1 { font-size: 27px; line-height: 1.25; margin: 0 0 6px; letter-spacing: -.01em; }
h2 { font-size: 18px; margin: 0 0 2px; }
p { margin: 4px 0 12px; max-width: 120ch; } .soft, figcaption { color: var(--soft); font-size: 13.5px; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 20px 22px; margin-top: 20px; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; margin-top: 22px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 14px 18px; }
.tile b { font-size: 30px; line-height: 1.2; letter-spacing: -.02em; } .tile small { font-size: 16px; color: var(--soft); }
.tile span { display: block; color: var(--soft); font-size: 13.5px; line-height: 1.4; margin-top: 2px; }
.tile.good b { color: var(--good); } .tile.bad b { color: var(--bad); } .tile.ours b { color: var(--ours); }
ul.backends { list-style: none; margin: 10px 0 0; padding: 0; } ul.backends li { display: flex; gap: 12px; padding: 4px 0; }
ul.backends b { flex: 0 0 74px; } ul.backends .missing { color: var(--bad); }
.scroll { overflow-x: auto; margin: 8px -4px 0; padding: 0 4px; }
table { border-collapse: collapse; width: 100%; font-size: 13.5px; font-variant-numeric: tabular-nums; }
th { text-align: left; font-weight: 600; color: var(--soft); font-size: 12.5px; white-space: nowrap; }
th, td { padding: 5px 8px; border-bottom: 1px solid var(--line); vertical-align: top; } tr:last-child td, tr:last-child th { border-bottom: 0; }
td.number, th.number { text-align: right; white-space: nowrap; }
th[scope=row] { color: var(--ink); font-weight: 500; font-size: 13.5px; padding-right: 14px; white-space: normal; }
th small, td small { display: block; color: var(--soft); font-weight: 400; font-size: 12px; line-height: 1.4; white-space: normal; }
.matrix { table-layout: fixed; min-width: calc(340px + var(--backends) * var(--backend)); } .matrix col.window { width: 136px; } .matrix col.backend { width: var(--backend); }
.matrix td { padding: 3px; height: 1px; } .matrix td.window { padding: 5px 8px; }
.mark { border-radius: 7px; padding: 4px 8px; font-size: 12.5px; line-height: 1.35; height: 100%; } .mark span { display: block; }
.mark.neither { background: var(--good-back); color: var(--good); } .mark.builtin { background: var(--bad-back); color: var(--bad); }
.mark.ours, .mark.both { background: var(--ours-back); color: var(--ours); font-weight: 600; } .mark.none { color: var(--soft); }
.mark.alone { color: var(--good); box-shadow: inset 0 0 0 1px var(--line); }
.kind th { padding: 16px 8px 4px; font-size: 12.5px; color: var(--soft); } .matrix .kind th::first-letter { text-transform: uppercase; }
figure { margin: 14px 0 0; } svg { display: block; width: 100%; height: auto; min-width: 760px; } svg text { font: 12.5px system-ui, "Segoe UI", Roboto, Helvetica, Arial, sans-serif; fill: var(--ink); }
svg text { paint-order: stroke; stroke: var(--card); stroke-width: 6px; stroke-linejoin: round; } svg .soft { fill: var(--soft); } svg .beyond { font-weight: 600; }
svg .break { stroke: var(--card); stroke-width: 3; } svg .grid { stroke: var(--line); } svg .one { stroke: var(--soft); stroke-dasharray: 3 3; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--soft); margin-top: 8px; }
.legend i { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 6px; vertical-align: -1px; }
.legend i.ring { border-radius: 50%; background: none; border: 2px solid var(--soft); } .legend i.dot { border-radius: 50%; background: var(--soft); }
summary { cursor: pointer; font-weight: 600; font-size: 16px; } footer { color: var(--soft); font-size: 13px; margin-top: 22px; }
.figures { min-width: 1040px; font-size: 12.5px; } .figures th, .figures td { padding: 5px 6px; } .figures .kind th { padding: 16px 6px 4px; } .figures th[scope=row] { min-width: 170px; } .figures tr:first-child th { vertical-align: bottom; } .figures td:nth-of-type(4) { white-space: nowrap; } time { white-space: nowrap; }
@media (max-width: 640px) {
  .scroll { margin: 8px 0 0; padding: 0; }
  main { padding: 24px 14px 48px; } section { padding: 16px; } .tiles { grid-template-columns: 1fr 1fr; } .tile { padding: 12px 14px; }
  .matrix { width: calc(206px + var(--backends) * 134px); min-width: 0; } .matrix col.case { width: 116px; } .matrix col.window { width: 90px; } .matrix col.backend { width: 134px; } .mark { padding: 4px 6px; font-size: 12px; }
  .matrix .about { display: none; } .matrix th { white-space: normal; } .matrix th[scope=row], .matrix th:first-child { position: sticky; left: 0; background: var(--card); padding: 5px 6px 5px 4px; }
  ul.backends b { flex-basis: 60px; }
}
@media print { body { background: none; } section, .tile { break-inside: avoid; } }
`;
