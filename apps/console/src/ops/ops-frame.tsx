import { Badge, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, Outlet } from '@tanstack/react-router';
import { answered, api } from '../api/client';
import { useSession } from '../api/use-session';
import { Loaded } from '../shared/loaded';
import { Page } from '../shared/page';
import { notByItself } from './not-by-itself';
import { ShowCode } from './show-code';
import { useOpsTexts } from './use-ops-texts';
import { useWaiting } from './use-waiting';

/** Where operators can go; `admin`: only admins. A screen is a line here, one in `ops.screens.ts` and one in the router. */
const places = [
  { to: '/ops', role: 'operator' },
  { to: '/ops/complaints', role: 'operator' },
  { to: '/ops/appeals', role: 'operator' },
  { to: '/ops/bans', role: 'operator' },
  { to: '/ops/apps', role: 'operator' },
  { to: '/ops/users', role: 'admin' },
  { to: '/ops/audit', role: 'operator' },
  { to: '/ops/rules', role: 'operator' },
  { to: '/ops/health', role: 'operator' },
  { to: '/ops/second-factor', role: 'operator' },
] as const;
/** A timer of a browser is no longer. */
const longestTimerMs = 2_147_483_647;

/** Around every screen of operators: only for them, only once the session has shown its second factor, and where to go. */
export function OpsFrame() {
  const { o } = useOpsTexts();
  const session = useSession();
  const roles: readonly string[] = session.is === 'open' ? session.user.roles : [];
  const factor = useQuery({
    queryKey: ['totp'],
    queryFn: () => answered(api.GET('/v1/me/totp')),
    enabled: roles.length > 1,
    ...notByItself,
    refetchInterval: ({ state: { data } }) =>
      data?.steppedUpUntil !== undefined && Math.min(Math.max(msUntil(data.steppedUpUntil), 1_000), longestTimerMs),
  });
  if (roles.length < 2)
    return (
      <Page title={o.title}>
        <Text>{o.notFor}</Text>
      </Page>
    );
  return (
    <Loaded of={factor}>
      {(shown) =>
        shown.required && shown.steppedUpUntil === undefined ? (
          <ShowCode factor={shown} />
        ) : (
          <>
            <Places roles={roles} />
            <Outlet />
          </>
        )
      }
    </Loaded>
  );
}

function Places({ roles }: { roles: readonly string[] }) {
  const { o } = useOpsTexts();
  const waiting = useWaiting();
  return (
    <nav className="places" aria-label={o.label}>
      {places
        .filter(({ role }) => roles.includes(role))
        .map(({ to }) => (
          <span key={to}>
            <Link to={to} activeOptions={{ exact: to === '/ops' }}>
              {o.places[to]}
            </Link>
            {Boolean(waiting[to]) && (
              <Badge component="span" variant="outline" role="img" aria-label={o.queue.waiting(waiting[to]!)}>
                {waiting[to]}
              </Badge>
            )}
          </span>
        ))}
    </nav>
  );
}

const msUntil = (at: string): number => Date.parse(at) - Date.now();
