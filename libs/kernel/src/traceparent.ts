const pattern = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;

/** Whether a text is a W3C `traceparent`. A malformed one is as good as none, as its standard wants it. */
export const isTraceparent = (text: string | undefined): text is string => text !== undefined && pattern.test(text);
