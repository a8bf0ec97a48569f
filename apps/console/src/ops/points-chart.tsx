import type { Schemas } from '../api/client';
import { pointsOverTime } from './points-over-time';
import { useOpsTexts } from './use-ops-texts';

const [width, height, pointsMax] = [320, 64, 12];

/** The owner's points over time, as steps: from the first event that changed them to now. */
export function PointsChart({ history, points }: Pick<Schemas['Standing'], 'history' | 'points'>) {
  const { o } = useOpsTexts();
  const steps = pointsOverTime(history, points);
  if (steps.length < 2) return null;
  const y = (left: number) => height - (Math.max(0, left) / pointsMax) * (height - 4) - 2;
  const line = steps
    .map(({ left }, at) => {
      const [from, to] = [(at / steps.length) * width, ((at + 1) / steps.length) * width];
      return `${at === 0 ? 'M' : 'L'}${from.toFixed(1)} ${y(left).toFixed(1)}H${to.toFixed(1)}`;
    })
    .join('');
  const told = o.app.pointsOverTime(steps.map(({ left }) => String(left)).join(' → '));
  return (
    <svg viewBox={`0 0 ${width} ${height}`} className="points" role="img" aria-label={told}>
      <path d={line} />
    </svg>
  );
}
