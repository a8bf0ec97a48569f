import { webAddress } from './web-address';

/** Where the button of an action leads, and what to say of it. */
export interface ActionTarget {
  readonly href: string;
  /** The host, the number or the mail address. */
  readonly target: string;
}

const charactersMax = 2_000;

/**
 * The address of an action as a link: of the web, a telephone number or a mail address, as the inbox takes them. `undefined` for
 * everything else. Of a mail address only the address is taken, so that nothing is written in the person's name.
 */
export function actionHref(url: string): ActionTarget | undefined {
  const web = webAddress(url);
  if (web) return { href: web.href, target: web.host };
  const [, scheme, target] = (url.length <= charactersMax && /^(tel|mailto):([^?#]+)/i.exec(url)) || [];
  if (scheme === undefined || !/^[\w!$'*+,.:;=@~()-]+$/.test(target!)) return undefined;
  return { href: `${scheme.toLowerCase()}:${target}`, target: target! };
}
