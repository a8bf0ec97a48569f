/**
 * Of a read that is made when somebody asks for it and never by itself again: because each look is recorded, or because what is on
 * the screen is shown only once and would go.
 */
export const notByItself = {
  staleTime: Infinity,
  gcTime: 0,
  refetchOnWindowFocus: false,
  refetchOnReconnect: false,
} as const;
