import { appRoutes } from './app.routes';
import { bindingRoutes } from './binding.routes';
import { complaintRoutes } from './complaint.routes';
import { endpointRoutes } from './endpoint.routes';
import { inboxRoutes } from './inbox.routes';
import { pushRoutes } from './push.routes';
import { roleRoutes } from './role.routes';
import { Route } from './route';
import { sessionRoutes } from './session.routes';

/** The authorisation table: every call that is possible from outside. */
export const allRoutes: readonly Route[] = [
  ...sessionRoutes,
  ...appRoutes,
  ...bindingRoutes,
  ...endpointRoutes,
  ...pushRoutes,
  ...inboxRoutes,
  ...complaintRoutes,
  ...roleRoutes,
];
