import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { queries } from './api/queries';
import { readInbox } from './inbox/inbox-list';
import { router } from './router';
import { keepFocus } from './shell/kept-focus';
import { styleNonce } from './shell/style-nonce';
import { theme } from './shell/theme';

import './shell/component-styles';
import './shell/shell.css';

/** A screen that comes within this time is drawn once, as a whole; one that takes longer is seen to come. */
const onePieceMs = 150;

/** Shows the screen that the address names. The texts have been loaded; `asked` ends when it is known who is logged in. */
export async function show(asked: Promise<unknown>): Promise<void> {
  const whole = Promise.all([router.load(), asked.then(readInbox)]);
  await Promise.race([whole, new Promise((resolve) => setTimeout(resolve, onePieceMs))]);
  keepFocus();
  createRoot(document.getElementById('root')!).render(
    <StrictMode>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
