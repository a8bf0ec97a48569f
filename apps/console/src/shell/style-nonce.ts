/** The nonce that the gateway put into this page: styles made by our own code carry it (Content-Security-Policy). */
export const styleNonce = (): string =>
  document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? '';
