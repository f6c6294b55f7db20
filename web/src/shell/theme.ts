// Our identity over Mantine: petrol for what can be done, ink for everything else, square edges, no shadows.
import {
  createTheme,
  defaultVariantColorsResolver,
  type MantineColorsTuple,
  type VariantColorsResolver,
} from '@mantine/core'

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

// Greys by the steps Mantine reads: in the dark, 0 text, 3 disabled text, 4 borders (3:1), 6 fields, 7 page.
const dark: MantineColorsTuple = [
  '#e4eaee',
  '#c4ced6',
  '#9dabb5',
  '#7d8a96',
  '#66727e',
  '#2b3540',
  '#161d25',
  '#0d1117',
  '#0a0e13',
  '#06090d',
]
const gray: MantineColorsTuple = [
  '#f4f6f6',
  '#eceff0',
  '#e6eaeb',
  '#dfe4e5',
  '#84919a',
  '#6f7c85',
  '#4d5b62',
  '#3a464c',
  '#26312f',
  '#101a1e',
]

/** Petrol is light on the dark ground, so what is written on it must be dark there. */
const variants: VariantColorsResolver = (input) => {
  const usual = defaultVariantColorsResolver(input)
  return input.variant === 'filled' && (input.color === undefined || input.color === 'petrol')
    ? {
        ...usual,
        background: 'var(--accent)',
        hover: 'var(--accent)',
        color: 'var(--accent-ink)',
        border: '1px solid transparent',
      }
    : usual
}

export const theme = createTheme({
  variantColorResolver: variants,
  primaryColor: 'petrol',
  colors: { petrol, dark, gray },
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
