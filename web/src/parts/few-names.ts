/** The first of a list that may be long, and how many more: `a, b, c and 988 more`. */
export function fewNames(names: readonly string[], most = 3): string {
  // "and 1 more" would say less than the one.
  return names.length <= most + 1
    ? names.join(', ')
    : `${names.slice(0, most).join(', ')} and ${(names.length - most).toLocaleString('en')} more`
}
