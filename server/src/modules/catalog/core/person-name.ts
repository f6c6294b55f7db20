// The name of a person made from an e-mail address: a label that is free.

const fallback = 'person'

/** `Ana.Ruiz+oncall@shop.example` → `ana-ruiz`; a name that is taken counts on: `ana-ruiz-2`. */
export function personNameFor(email: string, taken: ReadonlySet<string>): string {
  const local = email.slice(0, email.lastIndexOf('@') < 0 ? email.length : email.lastIndexOf('@'))
  const plain = local
    .split('+', 1)
    .join('')
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[\u0300-\u036f]/g, '')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 58)
    .replaceAll(/^-+|-+$/g, '')
  const name = plain === '' ? fallback : plain
  if (!taken.has(name)) return name
  for (let count = 2; ; count += 1) if (!taken.has(`${name}-${count}`)) return `${name}-${count}`
}
