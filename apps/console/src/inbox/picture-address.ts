/** Whether a picture may lie there: as the page's policy lets pictures in (apps/gateway/src/console). */
export const isPictureAddress = (href: string): boolean => /^https:\/\//i.test(href);
