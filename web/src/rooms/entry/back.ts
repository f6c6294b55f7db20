/** Where to go after signing in: only addresses of our own, never another site. */
export function backOf(search: string): string {
  const back = new URLSearchParams(search).get('back') ?? '/'
  // `//host` and `/\host` are other sites to a browser; the doors themselves would send one round in circles.
  return /^\/(?![/\\])/.test(back) && !/^\/(sign-in|setup)\b/.test(back) ? back : '/'
}
