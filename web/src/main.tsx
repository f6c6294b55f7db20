import '@mantine/core/styles/default-css-variables.css'
import '@mantine/core/styles/baseline.css'
import '@mantine/core/styles/global.css'
import '@mantine/core/styles/UnstyledButton.css'
import '@mantine/core/styles/Button.css'
import '@mantine/core/styles/Loader.css'
import '@mantine/core/styles/Input.css'
import '@mantine/core/styles/InlineInput.css'
import '@mantine/core/styles/PasswordInput.css'
import '@mantine/core/styles/Checkbox.css'
import './shell/tokens.css'
import './parts/parts.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { Console } from './shell/console.tsx'
import { queries } from './shell/queries.ts'
import { preload } from './shell/routes.tsx'
import { sessionQuery } from './shell/session.tsx'
import { styleNonce, theme } from './shell/theme.ts'

// Who is looking and what they look at are asked for at once; drawing follows when both are there.
const address = window.location.pathname
if (!/^\/(setup|sign-in)\b/.test(address)) {
  void queries.prefetchQuery(sessionQuery)
  preload(address)
}

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root.')
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={queries}>
        <Console />
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

if ('serviceWorker' in navigator && window.isSecureContext) {
  // Web push and the offline page; the console works without it, so a refusal stays silent.
  navigator.serviceWorker.register('/sw.js').catch(() => undefined)
}
