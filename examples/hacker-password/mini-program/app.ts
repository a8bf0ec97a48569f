import { harkAppId } from './config';

/** What Hark's page hands back. */
export interface Bound {
  readonly key: string;
  readonly bind: boolean;
  readonly errMsg: string;
}

App({
  /** Taken by the page that shows it. */
  bound: undefined as Bound | undefined,

  onShow({ referrerInfo }) {
    if (!referrerInfo || referrerInfo.appId !== harkAppId || !referrerInfo.extraData) return;
    this.bound = referrerInfo.extraData as Bound;
  },
});
