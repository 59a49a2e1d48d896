/** A stand-in for the server while the screens are worked on: `npm run mock`, then http://127.0.0.1:8090. */

import { createServer } from 'node:http';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { act } from './acts.mjs';
import { detail, INCIDENTS, recommend, UNITS } from './board.mjs';
import { SCHEME } from './scheme.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const STATIC = join(ROOT, 'src/jru/web/static');
const BLUEPRINT = join(ROOT, 'src/jru/blueprints/north_kent');
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' };
const POLICY = "default-src 'self'; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:";
const begun = Date.now();
const base = Date.parse('2019-08-16T22:41:07Z');
const now = () => new Date(base + (Date.now() - begun)).toISOString();
const streams = new Set();
let viewer = null;
let seq = 1;

const ROLES = [
  { id: 'police_dispatcher', name: 'Police dispatcher', agency: 'police', place: 'console', unit: null },
  { id: 'ambulance_dispatcher', name: 'Ambulance dispatcher', agency: 'ambulance', place: 'console', unit: null },
  { id: 'duty_supervisor', name: 'Duty supervisor', agency: 'police', place: 'console', unit: null },
  ...['JR01', 'JR03', 'JR04'].flatMap((unit) => [
    { id: 'constable', name: `Crew: police, ${unit}`, agency: 'police', place: 'crew', unit },
    { id: 'paramedic', name: `Crew: paramedic, ${unit}`, agency: 'ambulance', place: 'crew', unit },
  ]),
];

const feeds = () => [
  { agency: 'police', sender: 'KENTPOL', last_at: new Date(Date.parse(now()) - 1000).toISOString(), silent: false },
  { agency: 'ambulance', sender: 'SECAMB', last_at: new Date(Date.parse(now()) - 2000).toISOString(), silent: process.env.SILENT === '1' },
];
const board = () => ({ now: now(), rate: 1, synthetic: true, cursor: `c${seq}`, feeds: feeds(), incidents: INCIDENTS, units: UNITS });

function roads() {
  const text = readFileSync(join(BLUEPRINT, 'roads.osm'), 'utf8');
  const nodes = new Map([...text.matchAll(/<node id="(-?\d+)"[^>]*lat="([-\d.]+)" lon="([-\d.]+)"/g)].map((m) => [m[1], [Number(m[3]), Number(m[2])]]));
  const features = [...text.matchAll(/<way [^>]*>([\s\S]*?)<\/way>/g)].map((m) => {
    const tag = (k) => new RegExp(`<tag k="${k}" v="([^"]*)"`).exec(m[1])?.[1] ?? null;
    const coordinates = [...m[1].matchAll(/<nd ref="(-?\d+)"/g)].map((n) => nodes.get(n[1])).filter(Boolean);
    return { type: 'Feature', properties: { ref: tag('ref'), name: tag('name'), class: tag('highway') }, geometry: { type: 'LineString', coordinates } };
  });
  return { type: 'FeatureCollection', features };
}

function send(response, status, body, type = 'application/json') {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY });
  response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body));
}

const event = (name, body) => `id: c${(seq += 1)}\nevent: ${name}\ndata: ${JSON.stringify(body)}\n\n`;

function publish(change) {
  const text = event('change', { now: now(), rate: 1, ...change });
  for (const response of streams) response.write(text);
}

function stream(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(event('snapshot', board()));
  const beat = setInterval(() => response.write(event('heartbeat', { now: now(), rate: 1, feeds: feeds() })), 5000);
  streams.add(response);
  request.on('close', () => { clearInterval(beat); streams.delete(response); });
}

const find = (id) => INCIDENTS.find((row) => row.id === id);

function read(path, query, request, response) {
  if (path === '/session') return send(response, 200, { demo: process.env.DEMO !== '0', synthetic: true, viewer, roles: ROLES });
  if (path === '/scheme') return send(response, 200, SCHEME);
  if (path === '/board') return send(response, 200, board());
  if (path === '/stream') return stream(request, response);
  if (path === '/changes') return send(response, 200, { cursor: `c${seq}`, more: false, now: now(), rate: 1, incidents: INCIDENTS, units: UNITS, gone: [] });
  if (path === '/map/roads') return send(response, 200, roads());
  if (path === '/map/districts') return send(response, 200, readFileSync(join(BLUEPRINT, 'districts.geojson')));
  if (path === '/places') return send(response, 200, [{ name: `${query.get('q')} High Street`, lon: 0.55, lat: 51.38, precision: 'street' }]);
  const match = /^\/incidents\/([^/]+)(\/recommendation)?$/.exec(path);
  const row = match && find(match[1]);
  if (row) return send(response, 200, match[2] ? recommend(row) : { ...detail(row), ...row });
  return send(response, 404, { title: 'Not found', status: 404, code: 'not_found', detail: 'There is no such thing here.' });
}

async function write(path, request, response) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const body = chunks.length ? JSON.parse(Buffer.concat(chunks).toString()) : {};
  if (path === '/session') {
    const role = ROLES.find((one) => one.id === body.role && (one.unit === (body.unit ?? null)));
    viewer = request.method === 'DELETE' ? null : { name: `${role?.name ?? 'Token'} Example One`, agency: role?.agency ?? 'police', role: body.role ?? 'police_dispatcher', unit_id: role?.unit ? `unt_${role.unit}` : null, call_sign: role?.unit ?? null };
    return send(response, 200, { viewer });
  }
  const done = act(path, body, viewer, now());
  if (done.status) return send(response, done.status, done.body, 'application/problem+json');
  publish(done.change);
  return send(response, 201, { outcome: done.outcome ?? {}, told: done.told, cursor: `c${seq}` });
}

createServer((request, response) => {
  const url = new URL(request.url, 'http://mock');
  if (url.pathname.startsWith('/api/v1/')) {
    const path = url.pathname.slice('/api/v1'.length);
    return request.method === 'GET' ? read(path, url.searchParams, request, response) : void write(path, request, response);
  }
  const name = { '/': '/index.html', '/console': '/console.html', '/crew': '/crew.html' }[url.pathname] ?? url.pathname;
  const file = join(STATIC, name);
  if (!file.startsWith(STATIC) || !existsSync(file)) return send(response, 404, 'not found', 'text/plain');
  return send(response, 200, readFileSync(file), TYPES[extname(file)] ?? 'application/octet-stream');
}).listen(Number(process.env.PORT ?? 8090), '127.0.0.1', () => console.log('mock on http://127.0.0.1:8090'));
