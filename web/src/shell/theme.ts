// Our identity over Mantine: petrol for what can be done, ink for everything else, square edges, no shadows.
import { createTheme, type MantineColorsTuple } from '@mantine/core'

const petrol: MantineColorsTuple = [
  '#e8f3f4',
  '#cfe4e7',
  '#a3cdd3',
  '#8edbe4',
  '#6fcdd8',
  '#2f8c99',
  '#157280',
  '#0a5a66',
  '#074852',
  '#05373f',
]

export const theme = createTheme({
  primaryColor: 'petrol',
  colors: { petrol },
  primaryShade: { light: 7, dark: 4 },
  autoContrast: true,
  fontFamily: 'var(--sans)',
  fontFamilyMonospace: 'var(--mono)',
  headings: { fontFamily: 'var(--sans)', fontWeight: '650' },
  defaultRadius: 3,
  cursorType: 'pointer',
  respectReducedMotion: true,
  fontSizes: { xs: '0.75rem', sm: 'var(--t-body)', md: 'var(--t-body)', lg: '1rem', xl: '1.25rem' },
})

/** Put into the page by the server for this one answer; the style policy accepts no other. */
export function styleNonce(): string {
  const text = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content') ?? ''
  return text.startsWith('{{') ? '' : text
}
