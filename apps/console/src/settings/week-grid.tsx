import { Text } from '@mantine/core';
import type { Schemas } from '../api/client';
import { useTexts } from '../texts/use-texts';
import { quietSpans } from './quiet-spans';

const [dayPx, hourPx, labelPx] = [22, 24, 0];
const days = [1, 2, 3, 4, 5, 6, 7] as const;

/** The week with its quiet hours, as they are being chosen. The forms beside it say the same in words. */
export function WeekGrid({ hours }: { hours: NonNullable<Schemas['Me']['quietHours']> }) {
  const { t } = useTexts();
  const [width, height] = [labelPx + 24 * hourPx, 7 * dayPx];
  return (
    <div className="week" role="img" aria-label={t.quiet.week}>
      <div className="week-days" aria-hidden="true">
        {t.quiet.days.map((day) => (
          <Text key={day} size="xs" lh={`${dayPx}px`}>
            {day}
          </Text>
        ))}
      </div>
      <div>
        <svg viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" height={height} aria-hidden="true">
          {days.map((day) => (
            <rect key={day} className="week-day" y={(day - 1) * dayPx + 1} width={width} height={dayPx - 2} />
          ))}
          {quietSpans(hours).map(({ day, from, to, mode }, at) => (
            <rect
              key={at}
              className={mode === 'defer' ? 'week-defer' : 'week-inbox'}
              x={(from / 60) * hourPx}
              y={(day - 1) * dayPx + 1}
              width={((to - from) / 60) * hourPx}
              height={dayPx - 2}
            />
          ))}
        </svg>
        <div className="week-hours" aria-hidden="true">
          {['00', '06', '12', '18', '24'].map((hour) => (
            <Text key={hour} component="span" size="xs">
              {hour}
            </Text>
          ))}
        </div>
      </div>
    </div>
  );
}
