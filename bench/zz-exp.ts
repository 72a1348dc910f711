import { usageLines } from './lib/usage-lines.ts';
import { parseRecord } from '../core/records/parse.ts';
import { TASKS, STATUSES, NETWORK_KINDS, FLAGS } from '../core/records/schema.ts';
const lines = usageLines(50000, 1);
const K = Uint8Array.from({ length: 256 }, (_, c) => /[A-Za-z0-9_-]/.test(String.fromCharCode(c)) ? (/\d/.test(String.fromCharCode(c)) ? 1 : 2) : 0);
function fp(v: unknown): boolean { if (typeof v !== 'string') return false; const n = v.length; if (n < 11 || n > 128) return false; let l = 0; for (let i = 0; i < n; i++) { const k = K[v.charCodeAt(i)]; if (!k) return false; l |= k; } return l > 1 || n > 15; }
function sk(v: unknown): boolean { if (typeof v !== 'string') return false; const n = v.length; if (n !== 43) return false; for (let i = 0; i < n; i++) { if (!K[v.charCodeAt(i)]) return false;} return true; }
function lang(v: unknown): boolean { if (typeof v !== 'string') return false; const n = v.length; if (n < 2 || n > 8) return false; for (let i = 0; i < n; i++) { const c = v.charCodeAt(i) | 32; if (c < 97 || c > 122) return false;} return true; }
const count = (v: unknown) => typeof v === 'number' && v >= 0 && v <= Number.MAX_SAFE_INTEGER && Math.floor(v) === v;
const text = (v: unknown, max: number) => typeof v === 'string' && v.length > 0 && v.length <= max;
const isO = (v: unknown): v is any => typeof v === 'object' && v !== null && !Array.isArray(v);
const d = (s: string, i: number) => { const c = s.charCodeAt(i) - 48; return c >= 0 && c <= 9 ? c : NaN; };
const d2 = (s: string, i: number) => { const a = s.charCodeAt(i) - 48, b = s.charCodeAt(i + 1) - 48; return a >>> 0 <= 9 && b >>> 0 <= 9 ? a * 10 + b : 99; };
function time(v: unknown): boolean { if (typeof v !== 'string') return false; return d2(v,0) < 99 && d2(v, 2) < 99 && v.charCodeAt(4) === 45 && d2(v,5) <= 12 && v.charCodeAt(7)===45 && d2(v,8) <= 28 && v.charCodeAt(10) === 84 && d2(v,11) < 24 && v.charCodeAt(13) === 58 && d2(v,14) < 60 && v.charCodeAt(16)===58 && d2(v,17)<60 && (v.length===24 && v.charCodeAt(23)===90); }
function list(v: unknown): boolean { if (!Array.isArray(v) || v.length > 8) return false; for (let i=0;i<v.length;i++) if (!fp(v[i])) return false; return true; }
const tasks = new Set<unknown>(TASKS), statuses = new Set<unknown>(STATUSES), kinds = new Set<unknown>(NETWORK_KINDS), flags = new Set<unknown>(FLAGS);
let extra = 0;
function tokens(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'input': case 'output': case 'reasoning': case 'cacheRead': case 'cacheWrite': if (!count(v)) return false; break; default: extra++; } } return o.input !== undefined && o.output !== undefined; }
function params(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'maxTokens': case 'tools': if (!count(v)) return false; break; case 'temperature': if (!(typeof v === 'number' && v >= 0 && v <= 100)) return false; break; case 'stream': if (typeof v !== 'boolean') return false; break; default: extra++; } } return true; }
function network(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'ip': case 'subnet': if (!fp(v)) return false; break; case 'asn': if (!count(v)) return false; break; case 'kind': if (!kinds.has(v)) return false; break; default: extra++; } } return true; }
function client(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'tls': case 'agent': if (!fp(v)) return false; break; default: extra++; } } return true; }
function prompt(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'system': case 'template': case 'contract': if (!fp(v)) return false; break; case 'sketch': if (!sk(v)) return false; break; case 'topic': if (!(count(v) && v < 64)) return false; break; case 'task': if (!tasks.has(v)) return false; break; case 'language': if (!lang(v)) return false; break; case 'flags': if (!Array.isArray(v) || !v.every((x) => flags.has(x))) return false; break; default: extra++; } } return true; }
function custody(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'minted': case 'presented': if (!list(v)) return false; break; default: extra++; } } return true; }
function usage(o: any): boolean { for (const k in o) { const v = o[k]; switch (k) { case 'type': break; case 'id': case 'model': case 'provider': case 'operation': case 'finish': if (!text(v, 128)) return false; break; case 'time': if (!time(v)) return false; break; case 'account': if (!text(v, 256)) return false; break; case 'tokens': if (!isO(v) || !tokens(v)) return false; break; case 'status': if (!statuses.has(v)) return false; break; case 'latencyMs': if (!(typeof v === 'number' && v >= 0)) return false; break; case 'params': if (!isO(v) || !params(v)) return false; break; case 'network': if (!isO(v) || !network(v)) return false; break; case 'client': if (!isO(v) || !client(v)) return false; break; case 'session': if (!fp(v)) return false; break; case 'prompt': if (!isO(v) || !prompt(v)) return false; break; case 'custody': if (!isO(v) || !custody(v)) return false; break; default: extra++; } } return o.id !== undefined && o.time !== undefined; }
function direct(o: any): boolean {
  const t = o.tokens; if (!(text(o.id,128) && time(o.time) && text(o.account,256) && text(o.model,128) && isO(t) && count(t.input) && count(t.output))) return false;
  if (!((t.reasoning===undefined||count(t.reasoning)) && (t.cacheRead===undefined||count(t.cacheRead)) && (t.cacheWrite===undefined||count(t.cacheWrite)))) return false;
  if (!((o.provider===undefined||text(o.provider,128)) && (o.operation===undefined||text(o.operation,128)) && (o.status===undefined||statuses.has(o.status)) && (o.finish===undefined||text(o.finish,128)) && (o.latencyMs===undefined||count(o.latencyMs)) && (o.session===undefined||fp(o.session)))) return false;
  const p = o.params; if (p !== undefined && !((p.maxTokens===undefined||count(p.maxTokens)) && (p.temperature===undefined||count(p.temperature)) && (p.tools===undefined||count(p.tools)))) return false;
  const n = o.network; if (n !== undefined && !((n.ip===undefined||fp(n.ip)) && (n.subnet===undefined||fp(n.subnet)) && (n.asn===undefined||count(n.asn))&& (n.kind===undefined||kinds.has(n.kind)))) return false;
  const c = o.client; if (c !== undefined && !((c.tls===undefined||fp(c.tls)) && (c.agent===undefined||fp(c.agent)))) return false;
  const q = o.prompt; if (q !== undefined && !((q.system===undefined||fp(q.system)) && (q.template===undefined||fp(q.template)) && (q.contract===undefined||fp(q.contract)) && (q.sketch===undefined||sk(q.sketch)) && (q.topic===undefined||count(q.topic)) && (q.task===undefined||tasks.has(q.task)) && (q.language===undefined||lang(q.language)) && (q.flags===undefined||q.flags.every((x: any)=>flags.has(x))))) return false;
  const u = o.custody; if (u !== undefined && !((u.minted===undefined||list(u.minted)) && (u.presented===undefined||list(u.presented)))) return false;
  return true;
}
function keysOnly(o: any): boolean { let n = 0; for (const k in o) { const v = o[k]; n++; if (typeof v === 'object' && v !== null) keysOnly(v); } return n > 0; }
const ways: Record<string, (l: string) => boolean> = {
  floor: (l) => typeof JSON.parse(l) === 'object',
  now: (l) => parseRecord(JSON.parse(l)).ok,
  switch: (l) => usage(JSON.parse(l)),
  direct: (l) => direct(JSON.parse(l)),
  keys: (l) => keysOnly(JSON.parse(l)),
};
const best: Record<string, number> = {};
for (let r = 0; r < 9; r++) for (const [n, f] of Object.entries(ways)) { const t = performance.now(); for (const l of lines) if (!f(l)) throw new Error(n); best[n] = Math.min(best[n] ?? 1e9, performance.now() - t); }
for (const [n, t] of Object.entries(best)) console.log(n, Math.round(t * 1e6 / lines.length), (t / best.floor!).toFixed(2));
