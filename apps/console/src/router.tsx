import { createRootRoute, createRoute, createRouter, lazyRouteComponent } from '@tanstack/react-router';
import { InboxPage } from './inbox/inbox.page';
import { SandboxLogInPage } from './log-in/sandbox-log-in.page';
import { Frame } from './shell/frame';
import { LoggedIn } from './shell/logged-in';
import { Nowhere } from './shell/nowhere';

const root = createRootRoute({ component: Frame, notFoundComponent: Nowhere });
const loggedIn = createRoute({ getParentRoute: () => root, id: 'logged-in', component: LoggedIn });
/** What operators see is loaded as one part, when one of them enters. */
const opsScreens = () => import('./ops/ops.screens');
const ops = createRoute({
  getParentRoute: () => loggedIn,
  id: 'ops',
  component: lazyRouteComponent(opsScreens, 'OpsFrame'),
});

// The gateway serves these paths and no others: apps/gateway/src/console/console-pages.ts.
const routeTree = root.addChildren([
  createRoute({ getParentRoute: () => root, path: '/sandbox-login', component: SandboxLogInPage }),
  loggedIn.addChildren([
    createRoute({ getParentRoute: () => loggedIn, path: '/', component: InboxPage }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/inbox/$inboxItemId',
      component: lazyRouteComponent(() => import('./inbox/item.page'), 'ItemPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/consent/$requestId',
      component: lazyRouteComponent(() => import('./consent/consent.page'), 'ConsentPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/device',
      component: lazyRouteComponent(() => import('./device/device.page'), 'DevicePage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/apps',
      component: lazyRouteComponent(() => import('./apps/apps.page'), 'AppsPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/channels',
      component: lazyRouteComponent(() => import('./channels/channels.page'), 'ChannelsPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/complaints',
      component: lazyRouteComponent(() => import('./complaints/complaints.page'), 'ComplaintsPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/developer',
      component: lazyRouteComponent(() => import('./developer/developer.page'), 'DeveloperPage'),
    }),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/developer/$appId',
      component: lazyRouteComponent(() => import('./developer/app.page'), 'AppPage'),
    }),
    ops.addChildren([
      createRoute({
        getParentRoute: () => ops,
        path: '/ops',
        component: lazyRouteComponent(opsScreens, 'HeldTextsPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/complaints',
        component: lazyRouteComponent(opsScreens, 'ComplaintQueuePage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/appeals',
        component: lazyRouteComponent(opsScreens, 'AppealsPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/bans',
        component: lazyRouteComponent(opsScreens, 'BansPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/apps',
        component: lazyRouteComponent(opsScreens, 'AppSearchPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/apps/$appId',
        component: lazyRouteComponent(opsScreens, 'AppCasePage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/users',
        component: lazyRouteComponent(opsScreens, 'StaffPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/audit',
        component: lazyRouteComponent(opsScreens, 'AuditPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/streams/$stream/$revision',
        component: lazyRouteComponent(opsScreens, 'StreamPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/rules',
        component: lazyRouteComponent(opsScreens, 'RulesPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/health',
        component: lazyRouteComponent(opsScreens, 'HealthPage'),
      }),
      createRoute({
        getParentRoute: () => ops,
        path: '/ops/second-factor',
        component: lazyRouteComponent(opsScreens, 'SecondFactorPage'),
      }),
    ]),
    createRoute({
      getParentRoute: () => loggedIn,
      path: '/settings',
      component: lazyRouteComponent(() => import('./settings/settings.page'), 'SettingsPage'),
    }),
  ]),
]);

/** The console's screens by their paths. Screens that a newcomer does not see first are loaded when entered. */
export const router = createRouter({ routeTree, scrollRestoration: false });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
