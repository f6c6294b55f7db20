// The whole style of public pages: light and dark, from 320 pixels on. State is told by words, colour only helps.
import { papers, readableOn } from './core/index.ts'

export const statusStyle = `:root{--ink:#16181d;--soft:#565b66;--paper:#fff;--rule:#dfe2e8;--link:#0b4fd6;--good:#1a7f37;--fair:#8a6100;--poor:#b3261e;--none:#c9ced8;--plan:#0b4fd6}
@media (prefers-color-scheme:dark){:root{--ink:#eceef2;--soft:#a3a9b6;--paper:#14161a;--rule:#2d323b;--link:#8ab4ff;--good:#57c77a;--fair:#e0b04a;--poor:#ff8a80;--none:#3b414c;--plan:#8ab4ff}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:760px;margin:0 auto;padding:24px 16px 48px;overflow-wrap:anywhere}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 8px}
h2{font-size:1.125rem;margin:32px 0 8px}
h3{font-size:1rem;margin:16px 0 4px}
p{margin:0 0 8px}
a{color:var(--link)}
:focus-visible{outline:3px solid var(--link);outline-offset:2px}
.soft{color:var(--soft);font-size:.875rem}
.overall{margin:16px 0;padding:16px;border:1px solid var(--rule);border-inline-start:6px solid var(--good);font-size:1.25rem;font-weight:600}
.overall.under_maintenance{border-inline-start-color:var(--plan)}
.overall.degraded_performance{border-inline-start-color:var(--fair)}
.overall.partial_outage,.overall.major_outage{border-inline-start-color:var(--poor)}
.stale{padding:12px 16px;border:1px solid var(--fair)}
.components,.updates{list-style:none;margin:0;padding:0}
.components>li{padding:12px 0;border-top:1px solid var(--rule)}
.line{display:flex;gap:16px;justify-content:space-between;align-items:baseline}
.state{flex:none;font-size:.875rem;font-weight:600;color:var(--good)}
.state.under_maintenance{color:var(--plan)}
.state.degraded_performance{color:var(--fair)}
.state.partial_outage,.state.major_outage{color:var(--poor)}
.days{display:flex;gap:1px;height:24px;margin:8px 0 4px}
.days i{flex:1;min-width:0;background:var(--none)}
.days .good{background:var(--good)}
.days .fair{background:var(--fair)}
.days .poor{background:var(--poor)}
article{padding:8px 0 0;border-top:1px solid var(--rule)}
.updates>li{padding:8px 0}
form{display:flex;flex-wrap:wrap;gap:8px;align-items:end}
fieldset{flex:1 0 100%;margin:0;padding:8px 0;border:0}
legend{padding:0;font-size:.875rem;color:var(--soft)}
label.choice{display:flex;gap:8px;align-items:center;min-height:32px;color:var(--ink);font-size:1rem}
label.choice input{flex:none;min-height:0;width:20px;height:20px;accent-color:var(--link)}
form+p{margin-top:8px}
form p{flex:1 0 100%;margin:0}
label{flex:1 0 100%;font-size:.875rem;color:var(--soft)}
input{flex:1 1 220px;min-height:44px;padding:8px 12px;border:1px solid var(--soft);border-radius:6px;background:transparent;color:inherit;font:inherit}
button{min-height:44px;padding:8px 20px;border:0;border-radius:6px;background:var(--link);color:var(--paper);font:inherit;font-weight:600;cursor:pointer}
footer{margin-top:32px;border-top:1px solid var(--rule);padding-top:12px}
.for{font-weight:600}
.home{color:inherit;text-decoration:none}
.home:hover{text-decoration:underline}
.logo{display:block;max-width:min(100%,280px);max-height:72px;padding:6px;margin:-6px;border-radius:6px}
@media (prefers-color-scheme:dark){.logo{background:#fff;margin:0}}
.links{display:flex;flex-wrap:wrap;gap:4px 16px}
.languages{display:flex;flex-wrap:wrap;gap:4px 16px;justify-content:end;margin:0 0 12px;font-size:.875rem}
.languages span{font-weight:600}
@media (max-width:480px){.days i:nth-child(-n+60){display:none}.line{flex-wrap:wrap;gap:4px 16px}}
`

/** The colour of one page, as it can be read in each theme. */
export function brandStyle(color: string): string {
  const [light, dark] = [readableOn(color, papers.light), readableOn(color, papers.dark)]
  return `:root{--link:${light}}\n@media (prefers-color-scheme:dark){:root{--link:${dark}}}\nbody{border-top:4px solid var(--link)}\n`
}
