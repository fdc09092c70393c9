/// The page's style sheet: one for light and dark, for telephones and wide screens.
enum PageStyle {
  /// The style sheet's text, that of the charts included.
  static let sheet = ChartStyle.sheet + page

  private static let page = """
    :root{color-scheme:light dark;--ground:#fff;--text:#1f2328;--muted:#59636e;--line:#d1d9e0;\
    --soft:#f6f8fa;--good:#116329;--bad:#a40e26;--open:#7d4e00;--link:#0550ae;\
    --h0:#eef3f8;--h1:#c6dbef;--h2:#85b8dc;--h3:#3a86c0;--h4:#0a559e;--h5:#d55e00}
    @media(prefers-color-scheme:dark){:root{--ground:#0d1117;--text:#f0f6fc;--muted:#9198a1;\
    --line:#3d444d;--soft:#151b23;--good:#56d364;--bad:#ff7b72;--open:#e3b341;--link:#79c0ff;\
    --h0:#1b2531;--h1:#1f3f5f;--h2:#2c659a;--h3:#4c96d0;--h4:#a5d1f3;--h5:#ff8a4c}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--ground);color:var(--text);\
    font:16px/1.5 system-ui,'Segoe UI',Helvetica,Arial,'DejaVu Sans',sans-serif;overflow-wrap:anywhere}
    header,main,footer{max-width:1500px;margin:0 auto;padding:0 16px}
    h1{font-size:1.6rem;line-height:1.25;margin:20px 0 4px}
    h2{font-size:1.25rem;margin:32px 0 8px;padding-top:12px;border-top:1px solid var(--line)}
    h3{font-size:1.05rem;margin:16px 0 4px}
    p{margin:6px 0;max-width:75ch}a{color:var(--link)}
    code{font:.875em ui-monospace,'DejaVu Sans Mono',monospace;background:var(--soft);padding:1px 4px;\
    border-radius:4px}
    pre{background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:10px;\
    overflow-x:auto;white-space:pre-wrap}pre code{padding:0}
    .muted,caption,.facts{color:var(--muted)}.question{font-size:1.1rem}
    .skip{position:absolute;left:-9999px}.skip:focus{position:static}
    nav ul{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;margin:10px 0}
    .warning{border-left:4px solid var(--open);background:var(--soft);padding:8px 12px;margin:10px 0}
    .claims{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,420px),1fr))}
    .claim{border:1px solid var(--line);border-left-width:6px;border-radius:6px;padding:10px 14px;\
    background:var(--soft)}
    .claim h3{margin:0;font-size:1.15rem}.claim.holds{border-left-color:var(--good)}
    .claim.fails{border-left-color:var(--bad)}.claim.undecided{border-left-color:var(--open)}
    .holds .verdict{color:var(--good)}.fails .verdict{color:var(--bad)}
    .undecided .verdict{color:var(--open)}
    .claim dl{display:grid;grid-template-columns:auto 1fr;gap:2px 12px;margin:8px 0}
    dt{color:var(--muted)}dd{margin:0}
    .multiples{display:grid;gap:12px;grid-template-columns:repeat(auto-fill,minmax(min(100%,400px),1fr))}
    figure{margin:0;border:1px solid var(--line);border-radius:6px;padding:6px;max-width:560px}
    figure svg{display:block;width:100%;height:auto;touch-action:pan-y}
    .cursor{stroke:var(--text);stroke-width:1}
    .readout{list-style:none;margin:2px 8px;padding:0;display:flex;flex-wrap:wrap;gap:0 14px;\
    font-size:.85rem;min-height:1.5em;font-variant-numeric:tabular-nums}
    .controls{display:flex;flex-wrap:wrap;gap:8px 14px;align-items:center;margin:8px 0}
    .controls label{display:flex;gap:8px;align-items:center;flex:1 1 260px;max-width:560px}
    .controls input{flex:1;min-width:80px}
    button{font:inherit;font-size:.875rem;color:var(--text);background:var(--ground);\
    border:1px solid var(--muted);border-radius:6px;padding:4px 10px;min-height:32px;cursor:pointer}
    button[aria-pressed=false]{text-decoration:line-through;color:var(--muted)}
    :focus-visible{outline:2px solid var(--link);outline-offset:2px}
    .scroll{overflow-x:auto;margin:8px 0;max-width:100%}
    table{border-collapse:collapse;font-size:.875rem;overflow-wrap:normal}
    caption{text-align:left;padding-bottom:4px}
    th,td{padding:4px 10px;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
    tbody th{font-weight:400}thead th{font-weight:600}
    .number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
    .wide table{width:100%}td.strip,th.strip{min-width:220px;width:45%;padding:3px 0}\
    tbody th{min-width:16ch;max-width:48ch}.dense tbody th{white-space:nowrap;min-width:0}\
    .dense td.strip{width:70%}
    .dense th,.dense td{padding-top:1px;padding-bottom:1px;border-bottom:0;line-height:1.25}
    svg.bars{display:block;width:100%;height:16px}tr.sum th,tr.sum td{font-weight:600}
    .whisker{fill:var(--muted)}.mark{fill:var(--bad)}
    .h0{fill:var(--h0)}.h1{fill:var(--h1)}.h2{fill:var(--h2)}.h3{fill:var(--h3)}.h4{fill:var(--h4)}\
    .h5{fill:var(--h5)}.none{fill:none}
    .key{display:flex;flex-wrap:wrap;gap:4px 16px;list-style:none;padding:0;font-size:.875rem}
    .key svg{width:28px;height:12px;vertical-align:middle;margin-right:6px}
    .ends{display:flex;justify-content:space-between;color:var(--muted);font-weight:400}
    @media(max-width:640px){.stack,.stack tbody,.stack tr,.stack caption,.stack th,.stack td{display:block}\
    .stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}\
    .stack tr{padding:6px 0;border-bottom:1px solid var(--line)}\
    .stack th,.stack td,.stack td.strip{padding:1px 0;border-bottom:0;min-width:0;max-width:none;width:auto;\
    text-align:left;white-space:normal;overflow-wrap:anywhere}\
    .stack td[data-label]:not(:empty)::before{content:attr(data-label) ": ";color:var(--muted)}}
    summary{cursor:pointer}footer{margin:32px auto;color:var(--muted);font-size:.875rem}
    @media print{.controls,nav,.skip{display:none}figure,.claim{break-inside:avoid}}

    """
}
