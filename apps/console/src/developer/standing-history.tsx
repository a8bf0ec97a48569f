import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';
import { AppealForm, AppealOutcome } from './appeal';

interface StandingHistoryProps {
  readonly appId: string;
  /** The owner looks: they can appeal against a penalty. */
  readonly isOwners?: boolean;
}

/** The owner's points and every event that changed them. It never says who complained. */
export function StandingHistory({ appId, isOwners = false }: StandingHistoryProps) {
  const { t } = useTexts();
  const standing = useQuery({
    queryKey: ['standing', appId],
    queryFn: () => answered(api.GET('/v1/apps/{appId}/standing', { params: { path: { appId } } })),
  });
  return (
    <Loaded of={standing}>
      {({ points, status, until, history: all }) => {
        const history = all.filter(({ event }) => event !== 'standing.opened');
        return (
          <Stack gap="xs">
            <Text>
              {t.developer.standing(points, t.standings[status])} {until !== undefined && <When at={until} />}
            </Text>
            {history.length === 0 ? (
              <Text size="sm">{t.standing.none}</Text>
            ) : (
              <ul className="calls">
                {history.map(({ event, at, severity, points: taken, left, until: ends, ...penalty }, index) => (
                  <li key={index}>
                    <Text size="sm">
                      <When at={at} /> {(t.standing.events as Record<string, string>)[event] ?? event}
                      {penalty.reason !== undefined && ` · ${t.complain.reasons[penalty.reason]}`}
                      {severity !== undefined && ` · ${t.standing.severities[severity]}`}
                      {taken !== undefined && ` · ${t.standing.points(taken)}`}
                      {left !== undefined && ` · ${t.standing.left(left)}`}
                      {ends !== undefined && (
                        <>
                          {' · '}
                          {t.standing.until} <When at={ends} />
                        </>
                      )}
                    </Text>
                    {penalty.appeal && <AppealOutcome appeal={penalty.appeal} />}
                    {isOwners && penalty.penaltyId !== undefined && penalty.appealableUntil !== undefined && (
                      <AppealForm appId={appId} penaltyId={penalty.penaltyId} until={penalty.appealableUntil} />
                    )}
                  </li>
                ))}
              </ul>
            )}
          </Stack>
        );
      }}
    </Loaded>
  );
}
