import { skipToken, useQuery } from '@tanstack/react-query';
import { queries } from '../api/queries';

const secretKey = (appId: string) => ['app-secret', appId];
queries.setQueryDefaults(['app-secret'], { gcTime: Infinity, staleTime: Infinity });

/** Keeps an app's secret, or a key of it, in this tab's memory until the person logs out or leaves. It is stored nowhere. */
export const keepAppSecret = (appId: string, secret: string): void => {
  queries.setQueryData(secretKey(appId), secret);
};

/** The secret that was shown or typed in this tab. */
export const useAppSecret = (appId: string): string | undefined =>
  useQuery<string>({ queryKey: secretKey(appId), queryFn: skipToken }).data;

/** For calls as the app, not as the person. */
export const asApp = (secret: string) => ({ headers: { authorization: `Bearer ${secret}` } });
