import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

type Rgb = [number, number, number];

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');

/** The colours in force for a theme and a set of colours, later blocks over earlier ones as in the browser. */
function tokens(theme: 'dark' | 'light', colours: 'usual' | 'apart'): Record<string, string> {
  const wanted = [':root', `:root[data-theme='${theme}']`, `:root[data-colours='${colours}']`, `:root[data-theme='${theme}'][data-colours='${colours}']`];
  const found: Record<string, string> = {};
  for (const [, selector, body] of css.matchAll(/(^:root[^{]*)\{([^}]*)\}/gm)) {
    if (!wanted.includes(selector?.trim() ?? '')) continue;
    for (const [, name, value] of (body ?? '').matchAll(/--([a-z-]+): (#[0-9a-f]{6});/g)) found[name ?? ''] = value ?? '';
  }
  return found;
}

const linear = (hex: string): Rgb =>
  [1, 3, 5].map((at) => {
    const part = parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  }) as Rgb;

/** Machado, Oliveira and Fernandes 2009, severity 1, on linear RGB. */
const SIGHT: Record<string, Rgb[]> = {
  usual: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
  protanopia: [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
  deuteranopia: [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.01182, 0.04294, 0.968881]],
};

const apply = (matrix: Rgb[], colour: Rgb): Rgb => matrix.map((row) => row.reduce((sum, factor, at) => sum + factor * (colour[at] ?? 0), 0)) as Rgb;

function lab(colour: Rgb): Rgb {
  const [r, g, b] = colour.map((part) => Math.min(1, Math.max(0, part))) as Rgb;
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const distance = (a: Rgb, b: Rgb): number => Math.hypot(...a.map((part, at) => part - (b[at] ?? 0)));

const PAIRS = [['police', 'ambulance'], ['urgent', 'warning'], ['urgent', 'ambulance'], ['police', 'urgent'], ['police', 'warning'], ['ambulance', 'warning']] as const;

describe('colours kept apart', () => {
  for (const theme of ['dark', 'light'] as const)
    for (const [name, matrix] of Object.entries(SIGHT))
      it(`are told apart with ${name} sight on a ${theme} screen`, () => {
        const colours = tokens(theme, 'apart');
        for (const [one, other] of PAIRS) {
          const apart = distance(lab(apply(matrix, linear(colours[one] ?? ''))), lab(apply(matrix, linear(colours[other] ?? ''))));
          expect(apart, `${one} ${colours[one]} and ${other} ${colours[other]}`).toBeGreaterThan(20);
        }
      });
});
