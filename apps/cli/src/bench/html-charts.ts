import { figure } from './table';

/** A text as it stands in HTML and SVG, also in attributes. */
export const escaped = (text: string): string => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** One line of a chart; null leaves a gap. */
export interface Line {
  readonly name: string;
  readonly values: readonly (number | null)[];
}

/** One bar of a chart. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

const colours = ['#2a78d6', '#d9642b', '#2a9d5c', '#9a4fc0'];
const width = 900;
const height = 260;
const [left, right, top, bottom] = [56, 12, 28, 24];
const ticks = 4;
/** More points than pixels show nothing more: each then stands for the worst of several. */
const pointsMax = 600;

/** Lines over `at`, which ascends, from zero up, each with its name in its colour. */
export function lineChart(at: readonly number[], lines: readonly Line[]): string {
  const most = niceMost(Math.max(0, ...lines.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const last = Math.max(1, at.at(-1) ?? 1);
  const x = (value: number): number => left + (value / last) * (width - left - right);
  const y = (value: number): number => height - bottom - (value / most) * (height - top - bottom);
  const parts = [
    ...Array.from({ length: ticks + 1 }, (_, tick) => (most * tick) / ticks).map(
      (value) =>
        `<line x1="${left}" x2="${width - right}" y1="${y(value)}" y2="${y(value)}" stroke="#8884"/>` +
        `<text x="${left - 6}" y="${y(value) + 4}" text-anchor="end">${figure(value)}</text>`,
    ),
    `<text x="${width - right}" y="${height - 6}" text-anchor="end">${figure(last)} s</text>`,
    ...lines.map(({ name, values }, index) => {
      const colour = colours[index % colours.length]!;
      return (
        pathsOf(at, values, x, y, colour) +
        `<text x="${left + index * 160}" y="16" style="fill:${colour}">${escaped(name)}</text>`
      );
    }),
  ];
  return svg(height, parts);
}

function pathsOf(
  at: readonly number[],
  values: readonly (number | null)[],
  x: (value: number) => number,
  y: (value: number) => number,
  colour: string,
): string {
  const step = Math.max(1, Math.ceil(at.length / pointsMax));
  let pen = 'M';
  let path = '';
  for (let from = 0; from < at.length; from += step) {
    const some = values.slice(from, from + step).filter((value) => value !== null);
    if (some.length > 0) path += `${pen}${x(at[from]!).toFixed(1)} ${y(Math.max(...some)).toFixed(1)}`;
    pen = some.length > 0 ? 'L' : 'M';
  }
  // One point alone has no line: its round end is seen.
  return path === ''
    ? ''
    : `<path d="${path}h.01" fill="none" stroke="${colour}" stroke-width="2" stroke-linecap="round"/>`;
}

const barHeight = 22;
const nameWidth = 250;

/** Bars from the left, each with its name and value. */
export function barChart(bars: readonly Bar[]): string {
  const most = Math.max(...bars.map(({ value }) => value), Number.MIN_VALUE);
  const parts = bars.map(({ name, value }, index) => {
    const length = (value / most) * (width - nameWidth - 80);
    const y = index * barHeight;
    return (
      `<text x="${nameWidth - 8}" y="${y + 15}" text-anchor="end">${escaped(name)}</text>` +
      `<rect x="${nameWidth}" y="${y + 3}" width="${length.toFixed(1)}" height="${barHeight - 7}" fill="${colours[0]}"/>` +
      `<text x="${(nameWidth + length + 6).toFixed(1)}" y="${y + 15}">${figure(value)}</text>`
    );
  });
  return svg(Math.max(1, bars.length) * barHeight, parts);
}

const svg = (high: number, parts: readonly string[]): string =>
  `<svg viewBox="0 0 ${width} ${high}" role="img">${parts.join('\n')}</svg>`;

/** The next of 1, 2, 5, 10, 20 … */
function niceMost(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 5].find((one) => one * power >= value) ?? 10) * power;
}
