/** What a person types, as the filter the server takes: `alert` means all of that word, a full type only itself. */
export function typeFilter(typed: string): string {
  const [word = '', what] = typed
    .toLowerCase()
    .replaceAll(/[^a-z.*-]/g, '')
    .split('.')
  if (word.replaceAll('*', '') === '') return ''
  return `${word.replaceAll('*', '')}.${what === undefined || what.includes('*') || what === '' ? '*' : what}`
}
