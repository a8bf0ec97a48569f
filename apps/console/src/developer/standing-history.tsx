import { Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { answered, api } from '../api/client';
import { Loaded } from '../shared/loaded';
import { When } from '../shared/when';
import { useTexts } from '../texts/use-texts';

/** The owner's points and every event that changed them. It never says who complained. */
export function StandingHistory({ appId }: { appId: string }) {
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
                {history.map(({ event, at, severity, points: taken, left, until: ends }, index) => (
                  <li key={index}>
                    <Text size="sm">
                      <When at={at} /> {(t.standing.events as Record<string, string>)[event] ?? event}
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
