import { Text } from '@mantine/core';
import { useTexts } from '../texts/use-texts';

/** What happened on one day, by the names of the parts. */
export interface Day {
  /** Midnight of that day, where the reader is. */
  readonly date: Date;
  readonly counts: Readonly<Record<string, number>>;
}

/** A part of a bar: told apart by its pattern of light and dark as well, and by its name. */
export interface Part {
  readonly name: string;
  readonly label: string;
  readonly color: string;
}

const [width, height, barGap] = [600, 120, 4];

/** A bar for each day, its parts on top of each other; each says its numbers on touch, and a table says all of them. */
export function DayBars({ days, parts, label }: { days: readonly Day[]; parts: readonly Part[]; label: string }) {
  const { t, language } = useTexts();
  const dateText = new Intl.DateTimeFormat(language, { month: 'short', day: 'numeric' });
  const totals = days.map(({ counts }) => parts.reduce((sum, { name }) => sum + (counts[name] ?? 0), 0));
  const most = Math.max(1, ...totals);
  const step = width / Math.max(1, days.length);
  return (
    <figure className="chart">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label} preserveAspectRatio="none">
        {days.map(({ date, counts }, at) => {
          let top = height;
          return (
            <g key={date.getTime()}>
              <title>
                {dateText.format(date)}: {parts.map((part) => `${part.label} ${counts[part.name] ?? 0}`).join(', ')}
              </title>
              <rect x={at * step} width={step} height={height} fill="transparent" />
              {parts.map(({ name, color }) => {
                const high = ((counts[name] ?? 0) / most) * height;
                top -= high;
                return <rect key={name} x={at * step} y={top} width={step - barGap} height={high} fill={color} />;
              })}
            </g>
          );
        })}
      </svg>
      <figcaption>
        {parts.map(({ name, label: part, color }) => (
          <Text key={name} component="span" size="sm" mr="md">
            <svg className="swatch" viewBox="0 0 1 1" aria-hidden="true">
              <rect width="1" height="1" fill={color} />
            </svg>
            {part} {days.reduce((sum, { counts }) => sum + (counts[name] ?? 0), 0)}
          </Text>
        ))}
      </figcaption>
      <details>
        <summary>{t.chart.asTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{t.chart.day}</th>
              {parts.map(({ name, label: part }) => (
                <th key={name} scope="col">
                  {part}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {days
              .filter((_, at) => totals[at]! > 0)
              .map(({ date, counts }) => (
                <tr key={date.getTime()}>
                  <th scope="row">{dateText.format(date)}</th>
                  {parts.map(({ name }) => (
                    <td key={name}>{counts[name] ?? 0}</td>
                  ))}
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  );
}
