// How somebody is reached, ready to press: a number is dialled, a mailbox opened, an address followed.
export function ContactValue({ kind, value }: { kind: string; value: string }) {
  const href = hrefOf(kind, value)
  return href === null ? value : <a href={href}>{value}</a>
}

function hrefOf(kind: string, value: string): string | null {
  if (/^https?:\/\//.test(value)) return value
  if (kind === 'email' && /^[^\s@]+@[^\s@]+$/.test(value)) return `mailto:${value}`
  // What is no digit is for the eye; an extension is dialled by hand.
  if (kind === 'phone' && /^\+?[\d\s().-]{3,}$/.test(value)) return `tel:${value.replace(/[^+\d]/g, '')}`
  return null
}
