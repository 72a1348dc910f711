/**
 * The style sheet of the report page. Contrast on paper, light and dark: text 16.5:1 and 14.9:1, quiet text 6.5:1 and
 * 7.2:1, accent 6.3:1 and 7.9:1, bars 3:1 or more. Nothing is told by colour alone.
 */
export const REPORT_CSS = `
:root{color-scheme:light dark;--paper:#fcfbf8;--ink:#1d1c1a;--quiet:#5f5b54;--line:#dedad1;--wash:#f4f1ea;--accent:#a33b20;--data:#1f6074;--data-2:#6f95a0}
@media (prefers-color-scheme:dark){:root{--paper:#161513;--ink:#ece8e0;--quiet:#a8a297;--line:#36332e;--wash:#1f1d1a;--accent:#f0936f;--data:#74bace;--data-2:#437887}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.6 system-ui,-apple-system,"Segoe UI",Roboto,Arial,sans-serif;-webkit-text-size-adjust:100%}
main,header,footer{max-width:908px;margin:0 auto;padding:0 24px}
header{padding-top:56px}
footer{padding-top:32px;padding-bottom:64px;color:var(--quiet);font-size:14px}
h1,h2,h3,.lede{font-family:ui-serif,"Iowan Old Style",Charter,Georgia,serif;font-weight:600;text-wrap:balance}
h1{font-size:clamp(32px,5.4vw,50px);line-height:1.1;letter-spacing:-.015em;margin:10px 0 20px}
h2{font-size:28px;line-height:1.2;letter-spacing:-.01em;margin:0 0 6px}
h3{font-size:19px;line-height:1.3;margin:40px 0 8px}
p{margin:0 0 12px;max-width:68ch}
a{color:var(--data);text-underline-offset:3px}
a:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:3px;border-radius:2px}
.skip{position:absolute;left:-999px}.skip:focus{left:16px;top:12px;background:var(--paper);padding:8px 12px;z-index:1}
.lede{font-size:20px;line-height:1.5;font-weight:400;text-wrap:pretty;max-width:62ch}
.eyebrow{font-size:14px;color:var(--quiet);margin:0;display:flex;flex-wrap:wrap;gap:4px 16px}
.eyebrow b{color:var(--ink);letter-spacing:.02em}
.quiet{color:var(--quiet);font-size:14px}
section{margin-top:64px}
section>h2{padding-top:20px;border-top:2px solid var(--ink)}
.finding>h2{display:flex;flex-wrap:wrap;align-items:baseline;gap:2px 14px}
.tagged{white-space:nowrap}.sev{margin-left:2px}
code,.id{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:.82em;font-weight:500;overflow-wrap:anywhere}
.hash{font-family:ui-monospace,"SF Mono",Menlo,Consolas,monospace;font-size:13px;overflow-wrap:anywhere}
.sev{display:inline-block;font:600 12px/1 system-ui,-apple-system,sans-serif;letter-spacing:.04em;padding:4px 7px 4px;border-radius:3px;border:1px solid var(--quiet);color:var(--quiet);white-space:nowrap;vertical-align:2px}
.sev1{background:var(--accent);border-color:var(--accent);color:var(--paper)}.sev2{border-color:var(--accent);color:var(--accent)}
.figures{display:grid;grid-template-columns:repeat(auto-fit,minmax(176px,1fr));gap:22px 28px;margin:22px 0 8px}
.figures div{border-top:1px solid var(--line);padding-top:10px;min-width:0}
.figures dt{font-size:14px;color:var(--quiet)}
.figures dd{margin:0}
.figures .big{font-size:25px;line-height:1.25;font-weight:600;letter-spacing:-.01em;font-variant-numeric:tabular-nums;overflow-wrap:break-word}
.figures .wordy{grid-column:1/-1}.figures .big.words{font-size:19px;line-height:1.4}
table{border-collapse:collapse;width:100%;margin:6px 0 0;font-size:15px;line-height:1.45;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--quiet);font-size:14px;padding:0 0 8px;max-width:68ch}
th,td{padding:9px 16px 9px 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-weight:400}
th:last-child,td:last-child{padding-right:0}
thead th{font-size:13px;color:var(--quiet);vertical-align:bottom;padding-top:0;border-bottom-color:var(--quiet)}
.num{text-align:right;white-space:nowrap}
td small,th small{display:block;color:var(--quiet);font-size:13px}
.bar{display:block;height:9px;border-radius:1px;background:var(--data);width:max(var(--w),1px);margin:4px 0 3px}
.bar.second{background:none;border:1.5px solid var(--data-2)}
.meter{width:34%;min-width:88px}.gauge{width:19%}
figure{margin:22px 0 0}
figure svg{display:block;width:100%;height:auto;font-family:inherit}
figcaption{font-size:14px;color:var(--quiet);margin-top:10px;max-width:72ch}
.narrow{display:none}
.key{display:inline-flex;align-items:center;gap:6px;margin-right:16px}
.key i{width:11px;height:11px;border-radius:2px;background:var(--data)}.key i.second{background:none;border:1.5px solid var(--data-2)}
.marks{list-style:none;margin:8px 0 0;padding:0;display:grid;grid-template-columns:repeat(auto-fit,minmax(250px,1fr));gap:3px 24px;font-size:14px;color:var(--quiet)}
.marks b{color:var(--accent);display:inline-block;min-width:1.4em}
details{margin-top:12px;font-size:14px;overflow-x:auto}
summary{cursor:pointer;color:var(--data);width:fit-content}
details table{font-size:14px}details td,details th{padding-top:4px;padding-bottom:4px}
ol.todo{margin:20px 0 0;padding:16px 20px 16px 40px;background:var(--wash);border-radius:4px;max-width:68ch}
ol.todo li{padding:4px 0}ol.todo b{font-weight:600}.small{font:600 15px/1.4 system-ui,-apple-system,sans-serif;letter-spacing:0;margin:24px 0 0}
ul.plain{padding-left:20px;margin:8px 0}.scroll{overflow-x:auto}.scroll:focus-visible{outline:2px solid var(--accent);outline-offset:3px}
.health{display:grid;grid-template-columns:repeat(auto-fit,minmax(128px,1fr));gap:18px 24px;margin:20px 0 12px}
.health dt{font-size:14px;color:var(--quiet)}.health dd{margin:0;font-size:20px;font-weight:600;font-variant-numeric:tabular-nums}
@media (max-width:640px){
main,header,footer{padding-left:16px;padding-right:16px}header{padding-top:32px}section{margin-top:48px}
.wide{display:none}.narrow{display:block}
.lede{font-size:18px}th,td{padding-right:10px}table{font-size:14px}.figures{grid-template-columns:1fr 1fr;gap:18px 16px}.figures .big{font-size:21px}.figures .big.words{font-size:16px}
.stack thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
.stack tr{display:grid;grid-template-columns:1fr 1fr;gap:2px 16px;padding:12px 0;border-bottom:1px solid var(--line)}
.stack th,.stack td{display:block;border:0;padding:2px 0;text-align:left;white-space:normal}.stack th{grid-column:1/-1}
.stack .gauge{width:auto;grid-column:1/-1}
.stack td::before{content:attr(data-label);display:block;font-size:13px;color:var(--quiet)}
details table{font-size:12.5px}details th,details td{padding-right:6px}.meter{width:84px;min-width:0}
}
@media print{body{font-size:11pt}section{break-inside:auto}figure,tr,.figures{break-inside:avoid}.skip{display:none}}
`
  .trim()
  .replaceAll('\n', '');
